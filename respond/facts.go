package respond

import (
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// maxValue bounds in bytes what is filled into a step.
const maxValue = 256

// facts is what is known of a finding: what a provider told when it was asked, what
// was decoded offline, and the public halves.
type facts struct {
	f     *scanner.Finding
	scrub func(string) string // may be nil
}

// get returns the first of the named facts that is known, "" for none. The
// provider's answer counts before what was read out of a file.
func (k facts) get(names []string) string {
	for _, name := range names {
		if v := k.f.Verdict; v != nil {
			if value := detail(v.Details, name); value != "" {
				return value
			}
		}
		if value := detail(k.f.Details, name); value != "" {
			return value
		}
		for _, p := range k.f.Parts {
			if p.Public && p.Name == name {
				return p.Value.Reveal()
			}
		}
		if r := k.rule(); r.Public && r.Part == name {
			return k.f.Secret.Reveal()
		}
	}
	return ""
}

// usable is get for values that may stand in a command, a query or a URL.
func (k facts) usable(names []string) string {
	value := k.get(names)
	if k.scrub != nil {
		value = k.scrub(value)
	}
	if value == "" || len(value) > maxValue || strings.ContainsRune("-/=,", rune(value[0])) ||
		strings.IndexFunc(value, func(r rune) bool { return !isPlain(r) }) >= 0 {
		return ""
	}
	return value
}

func (k facts) rule() *scanner.Rule {
	if k.f.Rule == nil {
		return &scanner.Rule{Kind: "secret"}
	}
	return k.f.Rule
}

func detail(list []scanner.Detail, name string) string {
	if i := slices.IndexFunc(list, func(d scanner.Detail) bool { return d.Name == name }); i >= 0 {
		return list[i].Value
	}
	return ""
}
