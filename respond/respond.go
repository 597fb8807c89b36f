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
	"slices"
	"strings"
	"sync"

	"github.com/shrike-scan/shrike/scanner"
)

// Site is what the caller knows of the place where a finding stands.
type Site struct {
	// Clean are the steps that take the finding out of there; none leaves them
	// general. They are taken as they are.
	Clean []scanner.Step

	// Scrub hides secrets in text that comes from scanned content; nil hides none.
	Scrub func(string) string
}

// Planner makes plans, and shares among them what does not depend on the finding: a
// report may have 25,000 of them. Safe for concurrent use.
type Planner struct {
	book *book

	mu     sync.Mutex
	shared map[outline]*template
	suited map[*scanner.Rule]choices
}

// outline is what the steps of a plan depend on.
type outline struct {
	chosen, common *playbook
	clean          string // the text of the steps for cleaning
	dead           bool   // nothing is left to contain and to rotate
}

// template is a plan without its values.
type template struct {
	steps []scanner.Step
	names []string // of the values that the steps use
}

// NewPlanner reads the embedded playbooks. It fails only if these are broken, which
// a test excludes.
func NewPlanner() (*Planner, error) {
	b, err := load()
	if err != nil {
		return nil, err
	}
	return &Planner{book: b, shared: map[outline]*template{}, suited: map[*scanner.Rule]choices{}}, nil
}

// Plan returns the steps for a finding, in the order of their phases.
func (p *Planner) Plan(f *scanner.Finding, at Site) *scanner.Plan {
	known := facts{f, at.Scrub}
	chosen, common := p.choices(known.rule()).choose(known)
	t := p.template(outline{chosen, common, textOf(at.Clean), known.dead()}, at.Clean)
	plan := &scanner.Plan{Steps: t.steps}
	for _, name := range t.names {
		plan.Values = append(plan.Values, scanner.Detail{Name: name, Value: p.book.value(name, known)})
	}
	return plan
}

func (p *Planner) choices(r *scanner.Rule) choices {
	p.mu.Lock()
	defer p.mu.Unlock()
	c, ok := p.suited[r]
	if !ok {
		c = p.book.choices(r)
		p.suited[r] = c
	}
	return c
}

func (p *Planner) template(o outline, clean []scanner.Step) *template {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := p.shared[o]
	if t == nil {
		t = &template{steps: stepsOf(o, clean)}
		for _, name := range p.book.names {
			if strings.Contains(textOf(t.steps), "{"+name+"}") {
				t.names = append(t.names, name)
			}
		}
		p.shared[o] = t
	}
	return t
}

// brace is the name of the value that stands for an opening brace in texts that are
// taken as they are.
const brace = "brace"

func stepsOf(o outline, clean []scanner.Step) []scanner.Step {
	var steps []scanner.Step
	for _, phase := range phases {
		list := o.chosen.of(phase)
		switch {
		case o.dead && phase == scanner.PhaseContain:
			steps = append(steps, scanner.Step{Phase: phase, Do: "It works no more, says its provider. Make sure that it is deleted and not only switched off, and that nothing goes on asking with it."})
			continue
		case o.dead && phase == scanner.PhaseRotate:
			continue
		case phase == scanner.PhaseClean && len(clean) > 0:
			for _, s := range clean {
				s.Phase, s.Do, s.Run = phase, literal(s.Do), slices.Clone(s.Run)
				for i := range s.Run {
					s.Run[i] = literal(s.Run[i])
				}
				steps = append(steps, s)
			}
			continue
		case len(list) == 0:
			list = o.common.of(phase)
		}
		for _, s := range list {
			steps = append(steps, scanner.Step(s))
		}
		if phase == scanner.PhasePrevent {
			steps = append(steps, scanner.Step{Phase: phase, Do: "Let a hook stop the next one before it is committed:", Run: []string{"shrike install"}})
		}
	}
	return steps
}

func literal(text string) string { return strings.ReplaceAll(text, "{", "{"+brace+"}") }

// textOf joins all texts of steps.
func textOf(steps []scanner.Step) string {
	var b strings.Builder
	for _, s := range steps {
		for _, text := range append([]string{s.Do, s.Query, s.See}, s.Run...) {
			b.WriteString(text + "\x00")
		}
		b.WriteByte('\x01')
	}
	return b.String()
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
