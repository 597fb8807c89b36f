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
