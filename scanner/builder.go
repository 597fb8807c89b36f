package scanner

import (
	"fmt"
	"slices"

	"github.com/shrike-scan/shrike/scanner/prefilter"
)

// builder gathers what an engine is made of.
type builder struct {
	engine   *Engine
	rules    []compiled // room for those to come
	text     []byte     // of all literals
	literals [][]byte
	beside   []prefilter.Beside // by literal
	ids      map[string]int     // literal without case -> index
	triggers []trigger          // in the order in which they were added
	of       []int32            // their literals
	reach    int                // farthest that any rule looks from a hit
	shapes   int                // sides that have a number
}

// newBuilder makes room at once for what the rules will need: a hook has no time to
// let it grow.
func newBuilder(rules []Rule) *builder {
	n := 1024 // the forms of encodings, and what extractors ask for
	shapes := 0
	for i := range rules {
		if plan := rules[i].plan; plan != nil {
			n += len(plan.anchors)
			shapes = max(shapes, plan.shapes)
		}
	}
	return &builder{
		engine:   &Engine{rules: make([]*compiled, 0, len(rules)+64)},
		rules:    make([]compiled, len(rules)),
		text:     make([]byte, 0, n*maxLook),
		literals: make([][]byte, 0, n),
		beside:   make([]prefilter.Beside, 0, n),
		ids:      make(map[string]int, n),
		triggers: make([]trigger, 0, n),
		of:       make([]int32, 0, n),
		shapes:   shapes,
	}
}

// sort gives each literal its triggers.
func (b *builder) sort() {
	e := b.engine
	ends := make([]int32, len(b.literals)+1)
	for _, literal := range b.of {
		ends[literal+1]++
	}
	for i := range b.literals {
		ends[i+1] += ends[i]
	}
	e.firsts = ends
	e.triggers = make([]trigger, len(b.triggers))
	e.lengths = make([]int32, len(b.literals))
	e.fires = make([]bool, len(b.literals))
	next := slices.Clone(ends)
	for i, literal := range b.of {
		t := &b.triggers[i]
		e.triggers[next[literal]] = *t
		next[literal]++
		e.fires[literal] = e.fires[literal] || t.form == formExtract
	}
	for i, lit := range b.literals {
		e.lengths[i] = int32(len(lit))
	}
}

func (b *builder) add(r *Rule, checks map[string]Check) error {
	c := &b.rules[0]
	b.rules = b.rules[1:]
	c.Rule, c.index = r, len(b.engine.rules)
	if r.Check != "" {
		if c.check = checks[r.Check]; c.check == nil {
			return fmt.Errorf("no check is called %q", r.Check)
		}
	}
	if r.Reach < 0 || r.Reach > maxReach || r.Before < 0 || r.Before > maxReach || r.After < 0 || r.After > maxReach {
		return fmt.Errorf("reach, before and after must be between 0 and %d bytes", maxReach)
	}
	var err error
	if c.plan, err = planOf(r); err != nil {
		return err
	}
	kind := c.run.kind()
	for i := range c.anchors {
		a := &c.anchors[i]
		t := b.trigger(a)
		t.of(c)
		t.kind, t.place = kind, uint16(i)
		if r.plan == nil && a.sides != nil { // they are new
			a.sides.number = int32(b.shapes)
			b.shapes++
		}
		b.reach = max(b.reach, int(t.widest.before), int(t.widest.after+t.size))
	}
	b.engine.rules = append(b.engine.rules, c)
	return nil
}

func (b *builder) addExtractor(x Extractor) {
	e := &extractor{Extractor: x, rules: map[string]*compiled{}}
	rules := x.Rules()
	for i := range rules {
		c := &compiled{Rule: &rules[i], plan: &plan{form: formExtract}, index: len(b.engine.rules)}
		e.rules[c.ID] = c
		b.engine.rules = append(b.engine.rules, c)
	}
	for _, t := range x.Triggers() {
		b.trigger(&anchor{lit: literal{text: lowerASCII(t), fold: true}}).sets(len(b.engine.extractors))
	}
	b.engine.extractors = append(b.engine.extractors, e)
	if len(x.Triggers()) == 0 {
		b.engine.small = append(b.engine.small, e)
	}
}

// maxLook is how many bytes of a literal the prefilter looks for. It finds the rest
// no better, and what is looked at around a change is as wide as its longest literal.
const maxLook = 16

// trigger adds one for an anchor's literal. It is valid until the next is added.
func (b *builder) trigger(a *anchor) *trigger {
	t := newTrigger(a)
	key := lowerASCII(a.lit.text[:min(maxLook, len(a.lit.text))])
	i, ok := b.ids[key]
	if !ok {
		i = len(b.literals)
		b.ids[key] = i
		b.text = append(b.text, key...)
		b.literals = append(b.literals, b.text[len(b.text)-len(key):len(b.text):len(b.text)])
		b.beside = append(b.beside, prefilter.Beside{})
	}
	t.addBeside(&b.beside[i])
	b.triggers, b.of = append(b.triggers, t), append(b.of, int32(i))
	return &b.triggers[len(b.triggers)-1]
}

// addBeside adds the bytes between which the trigger can want its literal.
func (t *trigger) addBeside(b *prefilter.Beside) {
	after := &allBytes
	if len(t.after) > 0 && t.tail() == 0 {
		after = &t.after[0].byteSet
	}
	(*byteSet)(&b.Before).addAll(t.near)
	(*byteSet)(&b.After).addAll(after)
}

var allBytes = byteSet{1<<64 - 1, 1<<64 - 1, 1<<64 - 1, 1<<64 - 1}
