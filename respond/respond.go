// Package respond says what to do about a leaked credential: a short playbook for
// each kind, in the order evidence, contain, rotate, clean, prevent.
//
// The playbooks are data, playbooks.toml. Each has steps with {placeholders}, which
// are filled with what is known of the finding: the key's id, the user, the
// project. Such a value may come from a hostile file, so that it counts only if it
// is made of characters that mean nothing to a shell, to SQL, to the query
// languages of clouds and to a URL; the stand-in in capitals stays otherwise. No
// secret is ever filled in.
package respond

import (
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Site is what the caller knows of the place where a finding stands.
type Site struct {
	// Clean are the steps that take the finding out of there; none leaves them
	// general.
	Clean []scanner.Step

	// Scrub hides secrets in text that comes from scanned content; nil hides none.
	Scrub func(string) string
}

// Plan returns the steps for a finding, in the order of their phases. It fails
// only if the embedded playbooks are broken, which a test excludes. Safe for
// concurrent use.
func Plan(f *scanner.Finding, at Site) ([]scanner.Step, error) {
	all, err := load()
	if err != nil {
		return nil, err
	}
	known := facts{f, at.Scrub}
	chosen := all.choose(known)
	var steps []scanner.Step
	for _, phase := range phases {
		list := chosen.of(phase)
		switch {
		case phase == scanner.PhaseClean && len(at.Clean) > 0:
			for _, s := range at.Clean {
				s.Phase = phase
				steps = append(steps, s)
			}
			continue
		case len(list) == 0:
			list = all.common(known).of(phase)
		}
		for i := range list {
			steps = append(steps, list[i].fill(all.Values, known))
		}
		if phase == scanner.PhasePrevent {
			steps = append(steps, scanner.Step{Phase: phase, Do: "Let a hook stop the next one before it is committed:", Run: []string{"shrike install"}})
		}
	}
	return steps, nil
}

var phases = []scanner.Phase{
	scanner.PhaseEvidence, scanner.PhaseContain, scanner.PhaseRotate, scanner.PhaseClean, scanner.PhasePrevent,
}

// Quote writes text as one word of a POSIX shell, plainly where it can.
func Quote(text string) string {
	if text != "" && strings.IndexFunc(text, func(r rune) bool { return !isPlain(r) }) < 0 {
		return text
	}
	return "'" + strings.ReplaceAll(text, "'", `'\''`) + "'"
}

// isPlain reports whether a shell, a string of SQL and a URL all take r for
// itself.
func isPlain(r rune) bool {
	return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r < 0x80 && strings.ContainsRune("/._-:@+,=", r)
}
