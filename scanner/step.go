package scanner

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
