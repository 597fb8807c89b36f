package respond

import (
	"cmp"
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
			if value := cmp.Or(detail(v.Details, name), ofARN(detail(v.Details, "arn"), name)); value != "" {
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

// ofARN reads a user, a role or the partition off what AWS calls the owner of a key:
//
//	arn:aws:iam::123456789012:user/path/deploy
//	arn:aws-cn:sts::123456789012:assumed-role/ci/session
func ofARN(arn, name string) string {
	fields := strings.SplitN(arn, ":", 6)
	if len(fields) < 6 {
		return ""
	}
	kind, rest, _ := strings.Cut(fields[5], "/")
	switch {
	case name == "partition":
		return fields[1]
	case name == "user" && kind == "user":
		return rest[strings.LastIndexByte(rest, '/')+1:]
	case name == "role" && kind == "assumed-role":
		role, _, _ := strings.Cut(rest, "/")
		return role
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

// dead reports whether a provider said so of the secret itself, and not of its pairing
// with a key id that works (see package verify for the words).
func (k facts) dead() bool {
	v := k.f.Verdict
	return v != nil && v.State == "dead" && detail(v.Details, "live key id") == ""
}

func (k facts) rule() *scanner.Rule {
	if k.f.Rule == nil {
		return &noRule
	}
	return k.f.Rule
}

var noRule = scanner.Rule{Kind: "secret"}

func detail(list []scanner.Detail, name string) string {
	if i := slices.IndexFunc(list, func(d scanner.Detail) bool { return d.Name == name }); i >= 0 {
		return list[i].Value
	}
	return ""
}
