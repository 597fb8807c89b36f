package report

import "github.com/shrike-scan/shrike/scanner"

// Schema names the shape of the json and jsonl formats. It changes when a reader
// of the old shape would misread the new one; added members do not change it.
const Schema = "shrike/report/1"

// Document is a whole report. Its strings are safe to show as far as secrets go
// (see Build), and are otherwise raw: a path or a commit message may hold control
// characters and invalid UTF-8, which each format must make harmless.
//
// A Document is immutable once built, and safe for concurrent readers.
type Document struct {
	Schema   string    `json:"schema"`
	Tool     Tool      `json:"tool"`
	Summary  Summary   `json:"summary"`
	Findings []Finding `json:"findings"` // worst first, suppressed ones last

	rules []rule // of the findings, by id
}

// Tool says what made the report.
type Tool struct {
	Name    string `json:"name"`
	Version string `json:"version,omitempty"`
}

// Summary counts what was found and says what was looked at. Every format shows
// whether the scan was complete.
type Summary struct {
	Command      string   `json:"command,omitempty"` // "git", "staged", "dir" ...
	Target       string   `json:"target,omitempty"`  // what the command was pointed at
	Findings     int      `json:"findings"`          // not counting suppressed ones
	Severities   Counts   `json:"severities"`        // of those
	Suppressed   int      `json:"suppressed"`
	Objects      int64    `json:"objects"`                   // git objects scanned
	Known        int64    `json:"known_objects,omitempty"`   // of these, not read again, for an earlier scan had
	Files        int64    `json:"files"`                     // files on disk scanned
	Bytes        int64    `json:"bytes"`                     // expanded bytes scanned
	Inherited    int64    `json:"inherited_bytes,omitempty"` // of these, known from the objects that deltas copy them from
	Started      string   `json:"started,omitempty"`
	Seconds      float64  `json:"seconds"`
	Complete     bool     `json:"complete"`             // neither problems nor incomplete
	Problems     []string `json:"problems,omitempty"`   // what could not be read
	Incomplete   []string `json:"incomplete,omitempty"` // why the scan could not see all it was asked to
	Notes        []string `json:"notes,omitempty"`      // worth a word, though nothing is missing
	Next         []Step   `json:"next,omitempty"`       // what to do now
	SecretsShown bool     `json:"secrets_shown"`        // the user asked for the secrets themselves
}

// Counts holds the number of findings of each severity.
type Counts struct {
	Critical int `json:"critical"`
	High     int `json:"high"`
	Medium   int `json:"medium"`
	Low      int `json:"low"`
}

// Finding is one secret and all its places. See scanner.Finding for the meaning
// of the members.
type Finding struct {
	Fingerprint string       `json:"fingerprint"`
	Rule        string       `json:"rule"`
	Service     string       `json:"service,omitempty"`
	Kind        string       `json:"kind"`
	Severity    string       `json:"severity"`
	Confidence  string       `json:"confidence"`
	Proven      bool         `json:"proven"` // an offline check of its structure holds
	Secret      string       `json:"secret"` // redacted, unless Summary.SecretsShown
	Parts       []Part       `json:"parts,omitempty"`
	Details     []Detail     `json:"details,omitempty"`
	Occurrences []Occurrence `json:"occurrences"`
	Introduced  *Commit      `json:"introduced,omitempty"`
	Removed     *Commit      `json:"removed,omitempty"`
	Alive       bool         `json:"alive"`
	Refs        []string     `json:"refs,omitempty"`
	Reach       string       `json:"reach,omitempty"`
	Exposure    *Exposure    `json:"exposure,omitempty"`
	Verdict     *Verdict     `json:"verdict,omitempty"`
	Suppressed  *Suppression `json:"suppressed,omitempty"`
	Reopened    *Suppression `json:"reopened,omitempty"` // hid it, until a provider said that it is live
	Gives       string       `json:"gives,omitempty"`
	Revoke      string       `json:"revoke,omitempty"`
	Respond     []Step       `json:"respond,omitempty"` // as read; see response

	plan *scanner.Plan // what to do now; nil if it was read, or there is none
}

// response says what to do now, in this order. It is made when it is written: the
// steps of thousands of findings fill more memory than all the rest.
func (f *Finding) response() []Step {
	if f.plan == nil {
		return f.Respond
	}
	return steps(f.plan.Filled())
}

// whole returns a finding as the json formats write it.
func (f *Finding) whole() *Finding {
	w := *f
	w.Respond = f.response()
	return &w
}

// Occurrence is one place of a finding. Lines and columns count from 1, columns
// are Unicode code points, the end column is exclusive. Zero means unknown.
type Occurrence struct {
	Where       string  `json:"where"`
	Path        string  `json:"path,omitempty"`
	StartLine   int     `json:"start_line"`
	StartColumn int     `json:"start_column"`
	EndLine     int     `json:"end_line"`
	EndColumn   int     `json:"end_column"`
	Object      string  `json:"object,omitempty"` // hex id of the git object
	Commit      *Commit `json:"commit,omitempty"` // introduced this place
	Part        string  `json:"part,omitempty"`   // which half of a pair stands here
	Encoding    string  `json:"encoding,omitempty"`
	Alive       bool    `json:"alive"` // it stands there now
}

// Commit names a commit for a reader. Date is RFC 3339, or empty.
type Commit struct {
	ID      string `json:"id"`
	Author  string `json:"author,omitempty"`
	Email   string `json:"email,omitempty"`
	Date    string `json:"date,omitempty"`
	Subject string `json:"subject,omitempty"`
}

// Part is a further half of a credential. The value of a Public part is an
// identifier and is shown in full.
type Part struct {
	Name   string `json:"name"`
	Value  string `json:"value"`
	Public bool   `json:"public"`
}

// Detail is a fact about a credential: {"aws account", "123456789012"}.
type Detail struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Verdict is a provider's answer on whether the credential works.
type Verdict struct {
	State   string   `json:"state"` // live, dead, unknown, canary
	Reason  string   `json:"reason,omitempty"`
	Call    string   `json:"call,omitempty"`
	At      string   `json:"at,omitempty"` // RFC 3339
	Details []Detail `json:"details,omitempty"`
}

// Exposure says how far a secret has got, see scanner.Exposure.
type Exposure struct {
	State string   `json:"state"` // worktree, staged, local, pushed
	Refs  []string `json:"refs,omitempty"`
}

// Step is something to do about a finding, or about all. See scanner.Step.
type Step struct {
	Phase string   `json:"phase,omitempty"` // evidence, contain, rotate, clean, prevent
	Do    string   `json:"do"`
	Run   []string `json:"run,omitempty"`   // commands of a POSIX shell, in this order
	Query string   `json:"query,omitempty"` // for the tool that Do names
	See   string   `json:"see,omitempty"`   // an address where it can be done by hand
}

// Suppression says what hid a finding.
type Suppression struct {
	By     string `json:"by"` // inline, config, baseline
	Reason string `json:"reason,omitempty"`
	Owner  string `json:"owner,omitempty"`
	Until  string `json:"until,omitempty"` // YYYY-MM-DD
}
