package respond

import (
	_ "embed" // the playbooks
	"fmt"
	"maps"
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

	names []string // of all placeholders, sorted
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
	b.names = append(slices.Collect(maps.Keys(b.Values)), "revoke", "kind", brace)
	slices.Sort(b.names)
	return b, nil
})

// choices are the playbooks that suit a rule, in their order.
type choices struct{ own, common []*playbook }

func (b *book) choices(r *scanner.Rule) choices {
	return choices{suited(b.Playbooks, r), suited(b.Fallbacks, r)}
}

func suited(list []playbook, r *scanner.Rule) (out []*playbook) {
	for i := range list {
		if list[i].suits(r) {
			out = append(out, &list[i])
		}
	}
	return out
}

// choose returns the playbook for a finding, and the one for its kind of credential
// that holds what its issuer's own leaves out.
func (c choices) choose(known facts) (chosen, common *playbook) {
	common = first(c.common, known, &noSteps)
	return first(c.own, known, common), common
}

var noSteps playbook

// first returns the first playbook that applies to a finding.
func first(list []*playbook, known facts, otherwise *playbook) *playbook {
	for _, p := range list {
		if p.applies(known) {
			return p
		}
	}
	return otherwise
}

// suits reports whether the conditions on the rule hold.
func (p *playbook) suits(rule *scanner.Rule) bool {
	if len(p.Rules) > 0 && !slices.ContainsFunc(p.Rules, func(pattern string) bool {
		matched, err := path.Match(pattern, rule.ID)
		return matched && err == nil
	}) {
		return false
	}
	return len(p.Kinds) == 0 || slices.ContainsFunc(p.Kinds, func(word string) bool {
		return strings.Contains(strings.ToLower(rule.Kind), word)
	})
}

// applies reports whether the other conditions hold.
func (p *playbook) applies(known facts) bool {
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

// value returns what a placeholder stands for. What the rule itself says, {revoke}
// and {kind}, is for reading: no step that is run has it.
func (b *book) value(name string, known facts) string {
	switch name {
	case brace:
		return "{"
	case "revoke":
		return known.rule().Revoke
	case "kind":
		return known.rule().Kind
	}
	v := b.Values[name]
	if value := known.usable(v.From); value != "" {
		return value
	}
	return v.Else
}
