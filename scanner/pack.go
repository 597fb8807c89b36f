package scanner

import (
	"encoding/binary"
	"errors"
	"math"
	"slices"
)

// The packed form of rules, which is read at the start of every run, holds what
// Compile would derive from them, so that nothing is parsed but what is hit. It
// consists of a head and, behind it, all texts without anything between them, in
// the order in which the head refers to them: of most texts no run sees more than
// the length. The head is made of unsigned varints; each list follows its length:
//
//	length of the head in bytes, of what follows
//	sets      []: four words of 64 bits, little endian; 1 if the text may end there
//	profiles  []: []: index into sets
//	anchors   count, in all rules
//	shapes    count, of what stands beside anchors
//	rules     []: the fields in the order of fields, where a text is its length;
//	              then the plan: form, size, profile, run (set, least, most), anchors []:
//	              text, fold, span, profile before, profile after, of a regex the index of its shape,
//	              plus 1, or 0 for that of the anchor before,
//	              fences []: set, end
//
// Sets and profiles are few, as rules share them. Samples and misses are left out.

// errPacked says that a text is not what Pack wrote.
var errPacked = errors.New("packed rules are damaged")

// fields lists what is packed of a rule's own text.
func (r *Rule) fields() (texts [11]*string, lists [3]*[]string, numbers [3]*int, flags [3]*bool) {
	return [...]*string{&r.ID, &r.Service, &r.Kind, &r.Gives, &r.Revoke, &r.Regex, &r.Value, &r.Check, &r.Pair, &r.Part, &r.Verify},
		[...]*[]string{&r.Context, &r.Keywords, &r.Literals},
		[...]*int{&r.Before, &r.After, &r.Reach},
		[...]*bool{&r.Public, &r.Chosen, &r.Named}
}

// Pack writes rules, and what Compile derives from them, in the form that Unpack
// reads. Samples and Misses are left out. Equal rules give equal bytes, whether they
// were unpacked or not. Errors are *RuleError.
func Pack(rules []Rule) ([]byte, error) {
	p := packer{sets: map[placeSet]uint64{}, profiles: map[string]uint64{}, shapes: map[any]uint64{}}
	p.number(uint64(len(rules)))
	for i := range rules {
		plan, err := planOf(&rules[i])
		if err != nil {
			return nil, &RuleError{rules[i].ID, err}
		}
		p.rule(&rules[i])
		p.plan(plan)
	}
	return p.join(), nil
}

// packer gathers the parts of the form.
type packer struct {
	out, setList, profileList, texts []byte

	sets     map[placeSet]uint64
	profiles map[string]uint64 // by their packed form
	anchors  int
	shapes   map[any]uint64 // by what they say, or those that were packed before
	shape    uint64         // of the last anchor, plus 1
}

func (p *packer) join() []byte {
	head := binary.AppendUvarint(nil, uint64(len(p.sets)))
	head = append(head, p.setList...)
	head = binary.AppendUvarint(head, uint64(len(p.profiles)))
	head = append(head, p.profileList...)
	head = binary.AppendUvarint(head, uint64(p.anchors))
	head = binary.AppendUvarint(head, uint64(len(p.shapes)))
	head = append(head, p.out...)
	return slices.Concat(binary.AppendUvarint(nil, uint64(len(head))), head, p.texts)
}

func (p *packer) number(n uint64) { p.out = binary.AppendUvarint(p.out, n) }

func (p *packer) flag(b bool) {
	if b {
		p.number(1)
	} else {
		p.number(0)
	}
}

func (p *packer) text(s string) {
	p.number(uint64(len(s)))
	p.texts = append(p.texts, s...)
}

func (p *packer) rule(r *Rule) {
	texts, lists, numbers, flags := r.fields()
	for _, s := range texts {
		p.text(*s)
	}
	for _, list := range lists {
		p.number(uint64(len(*list)))
		for _, s := range *list {
			p.text(s)
		}
	}
	for _, n := range numbers {
		p.number(uint64(*n))
	}
	for _, b := range flags {
		p.flag(*b)
	}
	p.number(uint64(r.Severity))
	p.number(uint64(r.Confidence))
	p.number(math.Float64bits(r.Entropy))
}

func (p *packer) plan(of *plan) {
	p.number(uint64(of.form))
	p.span(of.size)
	p.profile(of.value)
	p.number(p.set(placeSet{byteSet: of.run.set}))
	p.number(uint64(of.run.least))
	p.number(uint64(of.run.most))
	p.number(uint64(len(of.anchors)))
	p.anchors += len(of.anchors)
	for i := range of.anchors {
		a := &of.anchors[i]
		p.text(a.lit.text)
		p.flag(a.lit.fold)
		p.span(a.lit.before)
		p.profile(a.before)
		p.profile(a.after)
		if of.form == formRegex {
			p.side(a.sides)
		}
		p.number(uint64(len(a.fences)))
		for _, f := range a.fences {
			p.number(p.set(placeSet{byteSet: f.inside}))
			p.number(uint64(f.end))
		}
	}
}

func (p *packer) span(s span) {
	p.number(uint64(s.min))
	p.number(uint64(s.max))
	p.number(uint64(s.narrow))
}

// side writes which an anchor's sides are, and adds them where they are new.
func (p *packer) side(of *sides) {
	var key any = of.shape
	if of.shape == "" {
		key = of
	}
	i, ok := p.shapes[key]
	if !ok {
		i = uint64(len(p.shapes))
		p.shapes[key] = i
	}
	if i+1 == p.shape {
		p.number(0)
		return
	}
	p.shape = i + 1
	p.number(p.shape)
}

// set returns the index of a set, which it adds where it is new.
func (p *packer) set(s placeSet) uint64 {
	i, ok := p.sets[s]
	if !ok {
		i = uint64(len(p.sets))
		p.sets[s] = i
		for _, word := range s.byteSet {
			p.setList = binary.LittleEndian.AppendUint64(p.setList, word)
		}
		end := byte(0)
		if s.end {
			end = 1
		}
		p.setList = append(p.setList, end)
	}
	return i
}

func (p *packer) profile(list profile) {
	form := binary.AppendUvarint(nil, uint64(len(list)))
	for _, s := range list {
		form = binary.AppendUvarint(form, p.set(*s))
	}
	i, ok := p.profiles[string(form)]
	if !ok {
		i = uint64(len(p.profiles))
		p.profiles[string(form)] = i
		p.profileList = append(p.profileList, form...)
	}
	p.number(i)
}
