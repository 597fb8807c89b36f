package scanner

import "strings"

// Phase says what a Step is for. A response goes through them in this order: what
// an attacker did is looked for before anything destroys the traces.
type Phase string

// The phases, in their order.
const (
	PhaseEvidence Phase = "evidence" // secure and read what tells of misuse
	PhaseContain  Phase = "contain"  // make the credential worthless
	PhaseRotate   Phase = "rotate"   // give its users another without an outage
	PhaseClean    Phase = "clean"    // take it out of files and history
	PhasePrevent  Phase = "prevent"  // do without such a credential the next time
)

// Step is something to do about a finding. Identifiers are filled in, secrets
// never are.
type Step struct {
	Phase Phase    // empty for advice on all findings at once
	Do    string   // a sentence or two
	Run   []string // commands of a POSIX shell, in this order
	Query string   // a query for the tool that Do names, of one line or several
	See   string   // an address where it can be done by hand
}

// Plan is what to do about one finding: steps that many findings share, and what
// the {placeholders} in their texts stand for in this one. Not to be changed.
type Plan struct {
	Steps  []Step
	Values []Detail
}

// Filled returns the steps with every placeholder replaced. Braces around anything
// else are the text's own.
func (p *Plan) Filled() []Step {
	var pairs []string
	for _, v := range p.Values {
		pairs = append(pairs, "{"+v.Name+"}", v.Value)
	}
	fill := strings.NewReplacer(pairs...).Replace
	out := make([]Step, len(p.Steps))
	for i, s := range p.Steps {
		out[i] = Step{Phase: s.Phase, Do: fill(s.Do), Query: fill(s.Query), See: fill(s.See)}
		for _, command := range s.Run {
			out[i].Run = append(out[i].Run, fill(command))
		}
	}
	return out
}
