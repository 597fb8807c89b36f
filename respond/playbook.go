package respond

import (
	_ "embed" // the playbooks
	"fmt"
	"path"
	"slices"
	"strings"
	"sync"

	"github.com/BurntSushi/toml"

	"github.com/shrike-scan/shrike/scanner"
)

//go:embed playbooks.toml
var text string

// book is the content of playbooks.toml.
type book struct {
	Values    map[string]value `toml:"value"`
	Playbooks []playbook       `toml:"playbook"` // the first that applies is taken
	Fallbacks []playbook       `toml:"fallback"` // for the phases that a playbook leaves out, and for all else
}

// value says what a {placeholder} stands for.
type value struct {
	From []string `toml:"from"` // names of facts, the first known one counts
	Else string   `toml:"else"` // what stands there while none is known
}

// playbook applies to a finding if all of its conditions that are given hold.
type playbook struct {
	ID    string            `toml:"id"`
	Rules []string          `toml:"rules"` // patterns of rule ids, with *
	Kinds []string          `toml:"kinds"` // words in what the rule calls its kind
	When  map[string]string `toml:"when"`  // names of facts, and how their values begin
	Steps []step            `toml:"step"`
}

type step struct {
	Phase scanner.Phase `toml:"phase"`
	Do    string        `toml:"do"`
	Run   []string      `toml:"run"`
	Query string        `toml:"query"`
	See   string        `toml:"see"`
}

// load reads the playbooks at first use: a commit hook that finds nothing needs
// none.
var load = sync.OnceValues(func() (*book, error) {
	b := new(book)
	meta, err := toml.Decode(text, b)
	if err != nil {
		return nil, fmt.Errorf("read the embedded playbooks: %w", err)
	}
	if unknown := meta.Undecoded(); len(unknown) > 0 {
		return nil, fmt.Errorf("read the embedded playbooks: unknown key %s", unknown[0])
	}
	return b, nil
})

// choose returns the playbook for a finding.
func (b *book) choose(known facts) *playbook {
	for i := range b.Playbooks {
		if b.Playbooks[i].applies(known) {
			return &b.Playbooks[i]
		}
	}
	return b.common(known)
}

// common returns the playbook for a kind of credential whose issuer has none of its
// own.
func (b *book) common(known facts) *playbook {
	for i := range b.Fallbacks {
		if b.Fallbacks[i].applies(known) {
			return &b.Fallbacks[i]
		}
	}
	return &playbook{}
}

func (p *playbook) applies(known facts) bool {
	rule := known.rule()
	if len(p.Rules) > 0 && !slices.ContainsFunc(p.Rules, func(pattern string) bool {
		matched, err := path.Match(pattern, rule.ID)
		return matched && err == nil
	}) {
		return false
	}
	if len(p.Kinds) > 0 && !slices.ContainsFunc(p.Kinds, func(word string) bool {
		return strings.Contains(strings.ToLower(rule.Kind), word)
	}) {
		return false
	}
	for name, prefix := range p.When {
		if value := known.get([]string{name}); value == "" || !strings.HasPrefix(value, prefix) {
			return false
		}
	}
	return true
}

func (p *playbook) of(phase scanner.Phase) []step {
	var list []step
	for _, s := range p.Steps {
		if s.Phase == phase {
			list = append(list, s)
		}
	}
	return list
}

// fill returns the step with every placeholder replaced.
func (s *step) fill(values map[string]value, known facts) scanner.Step {
	expand := func(template string) string { return expanded(template, values, known) }
	out := scanner.Step{Phase: s.Phase, Do: expand(s.Do), Query: expand(s.Query), See: expand(s.See)}
	for _, command := range s.Run {
		out.Run = append(out.Run, expand(command))
	}
	return out
}

// expanded replaces {name} for the names of values. Other braces are the text's
// own, as JSON has them. What the rule itself says, {revoke} and {kind}, is our own
// text and stands as it is.
func expanded(template string, values map[string]value, known facts) string {
	var out strings.Builder
	for {
		before, rest, found := strings.Cut(template, "{")
		out.WriteString(before)
		if !found {
			return out.String()
		}
		name, after, closed := strings.Cut(rest, "}")
		v, ok := values[name]
		switch {
		case closed && name == "revoke":
			out.WriteString(known.rule().Revoke)
		case closed && name == "kind":
			out.WriteString(known.rule().Kind)
		case closed && ok:
			filled := known.usable(v.From)
			if filled == "" {
				filled = v.Else
			}
			out.WriteString(filled)
		default:
			out.WriteByte('{')
			template = rest
			continue
		}
		template = after
	}
}
