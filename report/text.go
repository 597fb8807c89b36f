package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	textWidth   = 80 // columns that prose is wrapped to; paths and commands are not
	labelWidth  = 11 // of the left column, indentation included
	fewPlaces   = 3
	fewRefs     = 3
	fewProblems = 10
)

// textReporter writes for people. Whatever comes from outside passes neutral.
type textReporter struct {
	color   bool
	verbose bool
	explain bool
}

func (r textReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "text", func(b *bufio.Writer) error {
		t := &textWriter{w: b, palette: newPalette(r.color), verbose: r.verbose, explain: r.explain}
		for i := range d.Findings {
			f := &d.Findings[i]
			if f.Suppressed != nil && !r.verbose {
				break // they come last
			}
			t.finding(f)
			if t.err != nil {
				return t.err
			}
		}
		t.summary(d)
		return t.err
	})
}

// textWriter keeps the first error, and writes nothing after it.
type textWriter struct {
	*palette
	w       *bufio.Writer
	verbose bool
	explain bool
	err     error
}

func (t *textWriter) line(parts ...string) {
	if t.err == nil {
		_, t.err = t.w.WriteString(strings.Join(parts, "") + "\n")
	}
}

// field writes a labelled line; an empty label continues the field above.
func (t *textWriter) field(label, text string) {
	padded := fmt.Sprintf("%-*s", labelWidth, "  "+label)
	if label != "" {
		padded = t.label.Sprint(padded)
	}
	t.line(padded, text)
}

// prose writes a labelled paragraph, wrapped. An empty one is left out.
func (t *textWriter) prose(label, text string) {
	for _, line := range wrap(Neutral(text), textWidth-labelWidth) {
		t.field(label, line)
		label = ""
	}
}

func (t *textWriter) finding(f *Finding) {
	t.headline(f)
	for _, p := range f.Parts {
		t.prose(partLabel(p.Name), p.Value)
	}
	for _, d := range f.Details {
		t.fact(d)
	}
	t.places(f.Occurrences)
	t.since(f)
	t.refs("refs", "", f.Refs)
	t.exposure(f)
	t.verdict(f.Verdict)
	if f.Reopened != nil {
		t.prose("reopened", "accepted in the "+hiddenBy(f.Reopened)+", and live all the same")
	}
	t.prose("gives", f.Gives)
	t.respond(f)
	if s := f.Suppressed; s != nil {
		t.prose("hidden", hiddenBy(s))
	} else {
		t.field("accept", "shrike baseline accept "+Neutral(f.Fingerprint)+" --reason WHY")
	}
	t.line()
}

// headline writes two lines: how bad and what; the secret and how sure.
func (t *textWriter) headline(f *Finding) {
	name := Neutral(title(f.Service, f.Kind))
	short := Neutral(f.Fingerprint[:min(len(f.Fingerprint), 12)])
	severity := t.severity[f.Severity]
	if severity == nil {
		severity = t.bold
	}
	level := strings.ToUpper(Neutral(f.Severity))
	gap := max(2, textWidth-runes(level)-2-runes(name)-runes(short))
	t.line(severity.Sprint(level), "  ", t.bold.Sprint(name),
		strings.Repeat(" ", gap), t.label.Sprint(short))

	sure := Neutral(f.Confidence) + " confidence"
	if f.Proven {
		sure += ", structure holds"
	}
	t.line("  ", t.secret.Sprint(Neutral(f.Secret)), "  ", t.label.Sprint(sure+", rule "+Neutral(f.Rule)))
}

// partLabel fits a part's name into the left column where it is a usual one.
func partLabel(name string) string {
	switch name {
	case "access-key-id":
		return "key id"
	case "session-token":
		return "session"
	}
	return Neutral(name)
}

// fact writes a detail, its name in the left column where it fits.
func (t *textWriter) fact(d Detail) {
	if name := Neutral(d.Name); runes(name) < labelWidth-2 {
		t.prose(name, d.Value)
	} else {
		t.prose("", name+" "+d.Value)
	}
}

func (t *textWriter) places(places []Occurrence) {
	show := len(places)
	if !t.verbose && show > fewPlaces+1 { // "and 1 more place" would save no line
		show = fewPlaces
	}
	label := "where"
	for _, o := range currentFirst(places)[:show] {
		t.field(label, t.place(&o))
		label = ""
	}
	if rest := len(places) - show; rest > 0 {
		t.field("", t.label.Sprintf("and %s (--verbose shows all)", count(rest, "more place")))
	}
}

// place writes path:line:column, which terminals and editors follow.
func (t *textWriter) place(o *Occurrence) string {
	var text string
	var notes []string
	if o.Path != "" {
		text = fmt.Sprintf("%s:%d:%d", Neutral(o.Path), max(o.StartLine, 1), max(o.StartColumn, 1))
		if t.verbose && o.Commit != nil {
			notes = append(notes, "commit "+shortID(o.Commit.ID))
		}
	} else {
		text = fmt.Sprintf("%s, line %d", Neutral(pathless(o)), max(o.StartLine, 1))
	}
	if o.Part != "" {
		notes = append(notes, partLabel(o.Part))
	}
	if o.Encoding != "" {
		notes = append(notes, o.Encoding)
	}
	if len(notes) > 0 {
		text += " " + t.label.Sprint("("+Neutral(strings.Join(notes, ", "))+")")
	}
	return text
}

func (t *textWriter) since(f *Finding) {
	if c := f.Introduced; c != nil {
		t.field("since", strings.TrimSpace(shortID(c.ID)+" "+day(c.Date)+" "+Neutral(c.Author)))
		if c.Subject != "" {
			t.field("", t.label.Sprint(cut(Neutral(c.Subject), textWidth-labelWidth)))
		}
	}
	if now := Neutral(life(f)); now != "" {
		if f.Alive {
			now = t.alarm.Sprint(now)
		} else if c := f.Removed; c != nil && c.Author != "" {
			now += " by " + Neutral(c.Author)
		}
		t.field("now", now)
	}
}

func (t *textWriter) refs(label, before string, refs []string) {
	if len(refs) == 0 {
		return
	}
	shown, more := refs, ""
	if !t.verbose && len(refs) > fewRefs {
		shown, more = refs[:fewRefs], fmt.Sprintf(" and %s more", grouped(int64(len(refs)-fewRefs)))
	}
	t.prose(label, before+strings.Join(shown, ", ")+more)
}

// exposure says how far the secret has got, and what that calls for.
func (t *textWriter) exposure(f *Finding) {
	e := f.Exposure
	switch {
	case e == nil:
	case e.State == "worktree":
		t.field("exposed", "on disk only: keep it out of git")
	case e.State == "staged":
		t.field("exposed", "staged, not committed: unstage it")
	case e.State == "local" && f.Reach == "stash":
		t.field("exposed", "in the stash alone: drop it")
	case e.State == "local" && (f.Reach == "reflog" || f.Reach == "unreachable"):
		t.field("exposed", "in no branch or tag: let git forget it")
	case e.State == "local":
		t.field("exposed", "committed, not pushed: amend or rebase before you push")
	case e.State == "pushed":
		t.field("exposed", t.alarm.Sprint("pushed")+": rotate it first, then clean the history")
		t.refs("", "held by ", e.Refs)
	}
}

// next lists what to do. Commands are not wrapped: they are for copying.
func (t *textWriter) next(steps []Step) {
	if len(steps) == 0 {
		return
	}
	t.line()
	t.line(t.bold.Sprint("What to do"))
	for i, s := range steps {
		number := fmt.Sprintf("  %d. ", i+1)
		for _, line := range wrap(Neutral(s.Do), textWidth-len(number)) {
			t.line(number, line)
			number = "     "
		}
		for _, command := range s.Run {
			t.line("       ", t.secret.Sprint(Neutral(command)))
		}
	}
}

func (t *textWriter) verdict(v *Verdict) {
	if v == nil {
		return
	}
	state := Neutral(v.State)
	switch v.State {
	case "live", "canary":
		state = t.alarm.Sprint(strings.ToUpper(state))
	case "dead":
		state = t.good.Sprint(state)
	}
	if v.Call != "" {
		first, more, several := strings.Cut(v.Call, ", ")
		says := " says "
		if v.State == "unknown" {
			says = ", asked by "
		}
		state += says + Neutral(first)
		if several {
			state += " and " + count(strings.Count(more, ", ")+1, "more call")
		}
	}
	if v.At != "" {
		state += " at " + Neutral(v.At)
	}
	t.field("verdict", state)
	t.prose("", v.Reason)
	for _, d := range v.Details {
		t.prose("", d.Name+" "+d.Value)
	}
}

// hiddenBy is "baseline, by jane, until 2027-01-01: test data".
func hiddenBy(s *Suppression) string {
	text := s.By
	if s.Owner != "" {
		text += ", by " + s.Owner
	}
	if s.Until != "" {
		text += ", until " + s.Until
	}
	if s.Reason != "" {
		text += ": " + s.Reason
	}
	return text
}

func (t *textWriter) summary(d *Document) {
	s := &d.Summary
	if s.Findings == 0 {
		none := "No secrets found"
		if !s.Complete {
			none += " in what could be scanned"
		}
		t.line(t.verdictOf(s).Sprint(none), suppressedNote(s), ".")
	} else {
		t.line(t.verdictOf(s).Sprint(count(s.Findings, "secret")+" found"), ": ",
			bySeverity(s.Severities), suppressedNote(s), ".")
	}
	t.line(scanned(s))
	if s.SecretsShown {
		t.line("This report shows the secrets themselves: keep it as you would keep them.")
	}
	t.notes("incomplete", s.Incomplete)
	t.notes("problem", s.Problems)
	if t.next(s.Next); s.Findings > 0 && len(s.Next) == 0 {
		t.line("A comment `shrike:allow RULE reason` on a line accepts what stands there.")
	}
	if again := explaining(s.Command); again != "" && s.Findings > 0 && len(d.Findings[0].response()) > 0 && !t.explain {
		t.line("`", again, "` says of each secret, step by step, what to do now.")
	}
}

// explaining is the command that says more of what a command has found; empty where
// there is none that whoever reads this can run.
func explaining(command string) string {
	switch command {
	case "git", "staged", "dir":
		return "shrike " + command + " --explain"
	case "push":
		return "shrike git --explain"
	}
	return ""
}

// verdictOf is the colour of the outcome.
func (t *textWriter) verdictOf(s *Summary) interface{ Sprint(...any) string } {
	if s.Findings == 0 && s.Complete {
		return t.good
	}
	return t.alarm
}

func (t *textWriter) notes(label string, notes []string) {
	for i, note := range notes {
		if i == fewProblems && !t.verbose {
			t.line(t.alarm.Sprint(label), fmt.Sprintf(": and %s more (--verbose shows all)", grouped(int64(len(notes)-i))))
			return
		}
		lines := wrap(Neutral(label+": "+note), textWidth-2)
		t.line(t.alarm.Sprint(label), strings.TrimPrefix(strings.Join(lines, "\n  "), label))
	}
}

func bySeverity(c Counts) string {
	var list []string
	for _, s := range []struct {
		n    int
		name string
	}{{c.Critical, "critical"}, {c.High, "high"}, {c.Medium, "medium"}, {c.Low, "low"}} {
		if s.n > 0 {
			list = append(list, grouped(int64(s.n))+" "+s.name)
		}
	}
	return strings.Join(list, ", ")
}

func suppressedNote(s *Summary) string {
	if s.Suppressed == 0 {
		return ""
	}
	return fmt.Sprintf(" (%s suppressed)", grouped(int64(s.Suppressed)))
}

// scanned is "Scanned 1,234 objects, 5.5 GB, in 3.7s."
func scanned(s *Summary) string {
	var list []string
	if s.Objects > 0 {
		objects := count(int(s.Objects), "object")
		if s.Known > 0 {
			objects += fmt.Sprintf(" (%s known from an earlier scan)", grouped(s.Known))
		}
		list = append(list, objects)
	}
	if s.Files > 0 || s.Objects == 0 {
		list = append(list, count(int(s.Files), "file"))
	}
	if s.Bytes > 0 || s.Known == 0 {
		size := byteSize(s.Bytes)
		if s.Inherited > 0 {
			size += fmt.Sprintf(" (%s known from deltas)", byteSize(s.Inherited))
		}
		list = append(list, size)
	}
	took := time.Duration(s.Seconds * float64(time.Second)).Round(time.Millisecond)
	return fmt.Sprintf("Scanned %s, in %s.", strings.Join(list, ", "), took)
}
