package scanner

import "time"

// Where says which part of a source an occurrence stands in.
type Where string

// The places that are scanned.
const (
	InFile          Where = "file"           // a file's content: blob or file on disk
	InCommitMessage Where = "commit-message" // a commit's message or other free text in it
	InIdentity      Where = "identity"       // an author's, committer's or tagger's name or address
	InTagMessage    Where = "tag-message"
	InStdin         Where = "stdin"
)

// Commit names a commit for a reader.
type Commit struct {
	ID      string    // hex object id
	Author  string    // name
	Email   string    // author's address
	Date    time.Time // author date
	Subject string    // first line of the message
}

// Occurrence is one place of a finding. Path is slash separated, relative to
// the repository's root or to the scanned folder; empty for messages and stdin.
// Lines and columns count from 1; columns are Unicode code points; the end
// column is exclusive.
type Occurrence struct {
	Where                            Where
	Path                             string
	Line, Column, EndLine, EndColumn int
	Object                           string       // hex id of the git object that holds the bytes; empty outside git
	Commit                           *Commit      // the commit that introduced this place; nil outside history
	Part                             string       // which half of a pair stands here: "" or a part's name
	Encoding                         string       // "utf-16le", "base64>gzip": the outermost first; empty for plain text
	Allow                            *Suppression // an inline comment beside this place allows it
	Alive                            bool         // these bytes stand there now: at HEAD, in the index or on disk
}

// Detail is a fact decoded offline from a credential, in display order:
// {"aws account", "123456789012"}.
type Detail struct{ Name, Value string }

// Part is a further half of a credential: the access key id beside its secret.
type Part struct {
	Name   string // "access-key-id", "session-token"
	Value  Secret
	Public bool // an identifier that may be shown in full
}

// Verdict is a provider's answer on whether a credential works.
type Verdict struct {
	State   string    // live, dead, unknown, canary
	Reason  string    // why unknown, or what was answered
	Call    string    // "sts:GetCallerIdentity"
	At      time.Time // when it was asked
	Details []Detail  // account, ARN, user id ...
}

// Suppression says what hid a finding or an occurrence.
type Suppression struct {
	By     string // "inline", "config", "baseline"
	Reason string
	Owner  string
	Until  string // date, YYYY-MM-DD, empty for no end
}

// Exposure says how far a secret has got, as far as the repository knows.
type Exposure struct {
	State string   // one of the states below
	Refs  []string // full names of the remote-tracking refs and tags that hold it, where pushed; may be unknown
}

// The states of an Exposure. Each calls for more than the one before.
const (
	ExposedWorktree = "worktree" // on disk alone: neither staged nor committed
	ExposedStaged   = "staged"   // in the index: the next commit would hold it
	ExposedLocal    = "local"    // committed, and no remote-tracking ref holds it
	ExposedPushed   = "pushed"   // a remote-tracking ref holds it, or any ref of a bare repository
)

// Finding is one secret that survived every check, with its occurrences in a
// stable order: by commit date where known, then path, line and column.
type Finding struct {
	Rule        *Rule
	Secret      Secret
	Fingerprint string // see Fingerprinter
	Severity    Severity
	Confidence  Confidence
	Proven      bool // an offline check holds
	Details     []Detail
	Parts       []Part
	Others      []Part // further halves near it, nearest first: the right one, if that in Parts is not
	Occurrences []Occurrence

	Introduced *Commit  // nil outside history
	Removed    *Commit  // nil while alive, and outside history
	Alive      bool     // still at HEAD, in the index or on disk: whatever the source calls now
	Refs       []string // full ref names whose history still holds it, sorted
	Reach      string   // in history: "ref", "reflog", "stash", "unreachable"
	Exposure   *Exposure

	Verdict    *Verdict
	Suppressed *Suppression
	Reopened   *Suppression // hid it, until a provider said that it is live
}
