package main

import (
	"slices"
	"sync"

	"github.com/shrike-scan/shrike/report"
	"github.com/shrike-scan/shrike/respond"
	"github.com/shrike-scan/shrike/scanner"
)

// responder says what to do about each finding; clean gives the steps for where it
// stands, and may be nil.
func responder(clean func([]*scanner.Finding) []scanner.Step) report.Responder {
	planner := sync.OnceValues(respond.NewPlanner) // a hook that finds nothing needs none
	return func(f *scanner.Finding, scrub func(string) string) *scanner.Plan {
		p, err := planner()
		if err != nil {
			return nil // the playbooks are embedded, and a test reads them
		}
		site := respond.Site{Scrub: scrub}
		if clean != nil {
			site.Clean = clean([]*scanner.Finding{f})
		}
		for i := range site.Clean {
			s := &site.Clean[i]
			s.Do, s.Run = scrub(s.Do), slices.Clone(s.Run)
			for j := range s.Run {
				s.Run[j] = scrub(s.Run[j])
			}
		}
		return p.Plan(f, site)
	}
}
