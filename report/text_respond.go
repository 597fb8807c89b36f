package report

import "strings"

// respond says in a line how to revoke the credential or, where the reader asked
// for it, everything that there is to do.
func (t *textWriter) respond(f *Finding) {
	steps := f.response()
	if len(steps) == 0 || !t.explain {
		if command := containment(f, steps); command != "" {
			t.field("revoke", t.secret.Sprint(Neutral(command)))
		} else {
			t.prose("revoke", f.Revoke)
		}
		return
	}
	last := ""
	for i := range steps {
		s := &steps[i]
		label := s.Phase
		if label == last {
			label = ""
		}
		last = s.Phase
		t.prose(Neutral(label), s.Do)
		for _, command := range s.Run {
			t.field("", "  "+t.secret.Sprint(Neutral(command)))
		}
		for line := range strings.Lines(s.Query) {
			t.field("", "  "+t.secret.Sprint(Neutral(strings.TrimRight(line, "\n"))))
		}
		if s.See != "" {
			t.field("", t.label.Sprint(Neutral(s.See)))
		}
	}
}

// containment is the command that makes the credential worthless, where it names
// the credential: one of stand-ins alone says less than the rule's own advice.
func containment(f *Finding, steps []Step) string {
	for i := range steps {
		s := &steps[i]
		if s.Phase != "contain" || len(s.Run) == 0 {
			continue
		}
		for _, id := range identities(f) {
			if strings.Contains(s.Run[0], id) {
				return s.Run[0]
			}
		}
		return ""
	}
	return ""
}

// identities lists what names the credential at its issuer.
func identities(f *Finding) []string {
	const telling = 8          // bytes; a shorter one may stand in any command
	list := []string{f.Secret} // in full where it is an identifier
	add := func(value string) {
		if len(value) >= telling {
			list = append(list, value)
		}
	}
	for _, p := range f.Parts {
		if p.Public {
			add(p.Value)
		}
	}
	for _, d := range f.Details {
		add(d.Value)
	}
	if f.Verdict != nil {
		for _, d := range f.Verdict.Details {
			add(d.Value)
		}
	}
	return list
}
