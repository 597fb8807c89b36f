package baseline

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

var (
	specific = &scanner.Rule{ID: "acme-token", Regex: "acme_[0-9]+"}
	generic  = &scanner.Rule{ID: "generic-password", Keywords: []string{"password"}}
	property = &scanner.Rule{ID: "cloudformation-password"} // an extractor's rule has no pattern
	today    = time.Date(2027, 1, 15, 12, 0, 0, 0, time.UTC)
)

// found builds a finding with b's fingerprint.
func found(b *Baseline, rule *scanner.Rule, secret string, paths ...string) *scanner.Finding {
	f := &scanner.Finding{Rule: rule, Secret: scanner.NewSecret([]byte(secret)), Fingerprint: b.Fingerprinter().Of([]byte(secret))}
	for i, path := range paths {
		o := scanner.Occurrence{Where: scanner.InFile, Path: path, Line: i + 1}
		if path == "" {
			o.Where = scanner.InCommitMessage
		}
		f.Occurrences = append(f.Occurrences, o)
	}
	return f
}

func openPaths(f *scanner.Finding) []string {
	if f.Suppressed != nil {
		return nil
	}
	paths := []string{}
	for _, o := range f.Occurrences {
		paths = append(paths, o.Path)
	}
	return paths
}

// Each case accepts one finding and then matches another.
func TestAcceptThenMatch(t *testing.T) {
	type seen struct {
		rule   *scanner.Rule
		secret string
		paths  []string
	}
	in := func(rule *scanner.Rule, secret string, paths ...string) seen { return seen{rule, secret, paths} }
	tests := []struct {
		name              string
		accepted, scanned seen
		open              []string // nil: suppressed
	}{
		{"specific, same place", in(specific, "acme_1", "a"), in(specific, "acme_1", "a"), nil},
		{"specific, renamed file", in(specific, "acme_1", "a"), in(specific, "acme_1", "b", "c", ""), nil},
		{"specific, neighbour on the next line", in(specific, "acme_1", "a"), in(specific, "acme_2", "a"), []string{"a"}},
		{"generic, same paths", in(generic, "admin", "a", "b"), in(generic, "admin", "b", "a"), nil},
		{"generic, another path", in(generic, "admin", "test/a"), in(generic, "admin", "prod/a"), []string{"prod/a"}},
		{"generic, one path more", in(generic, "admin", "test/a"), in(generic, "admin", "test/a", "prod/a"), []string{"prod/a"}},
		{"generic, longer path", in(generic, "admin", "a"), in(generic, "admin", "a/b", "aa"), []string{"a/b", "aa"}},
		{"generic, neighbour in the same file", in(generic, "admin", "a"), in(generic, "admin1", "a"), []string{"a"}},
		{"generic, in a commit message", in(generic, "admin", ""), in(generic, "admin", "", "a"), []string{"a"}},
		{"generic, path that is no UTF-8", in(generic, "admin", "a\xff"), in(generic, "admin", "a\xff", "a\xfe"), []string{"a\xfe"}},
		{"property of a template", in(property, "admin", "test/a"), in(property, "admin", "test/a", "prod/a"), []string{"prod/a"}},
		{"property, now in code", in(property, "admin", "a"), in(generic, "admin", "a"), nil},
		{"generic, now known by a specific rule", in(generic, "acme_1", "a"), in(specific, "acme_1", "a", "b"), []string{"b"}},
		{"specific, now generic", in(specific, "acme_1", "a"), in(generic, "acme_1", "a"), []string{"a"}},
		{"other line endings", in(specific, "k\r\nk", "a"), in(specific, "k\nk", "a"), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := Create()
			require.NoError(t, b.Accept(found(b, tt.accepted.rule, tt.accepted.secret, tt.accepted.paths...), "why", "jo", "", today))
			b, err := Decode("f", b.Encode()) // what is saved is what counts
			require.NoError(t, err)
			f := found(b, tt.scanned.rule, tt.scanned.secret, tt.scanned.paths...)
			b.Match(today, []*scanner.Finding{f})
			require.Equal(t, tt.open, openPaths(f))
			if tt.open == nil {
				require.Equal(t, &scanner.Suppression{By: "baseline", Reason: "why", Owner: "jo"}, f.Suppressed)
			}
		})
	}
}

func TestMatchLeavesWhatIsSuppressed(t *testing.T) {
	b := Create()
	f := found(b, specific, "acme_1", "a")
	require.NoError(t, b.Accept(f, "why", "", "", today))
	f.Suppressed = &scanner.Suppression{By: "inline"}
	b.Match(today, []*scanner.Finding{f})
	require.Equal(t, "inline", f.Suppressed.By)
}

func TestEnded(t *testing.T) {
	b := Create()
	f := found(b, specific, "acme_1", "a")
	require.NoError(t, b.Accept(f, "why", "", "2027-01-15", today))
	require.Empty(t, b.Ended(today))
	tomorrow := today.AddDate(0, 0, 1)
	require.Equal(t, b.Entries, b.Ended(tomorrow))
	b.Match(tomorrow, []*scanner.Finding{f})
	require.Nil(t, f.Suppressed)
	b.Match(today, []*scanner.Finding{f})
	require.Equal(t, "2027-01-15", f.Suppressed.Until)
}

func TestStale(t *testing.T) {
	b := Create()
	for _, f := range []*scanner.Finding{
		found(b, specific, "acme_1", "a"), found(b, specific, "acme_2", "a"),
		found(b, generic, "admin", "a", "b"), found(b, generic, "root", "a"),
	} {
		require.NoError(t, b.Accept(f, string(f.Secret.Reveal()[0])+" reason", "", "", today))
	}
	stale := b.Stale([]*scanner.Finding{
		found(b, specific, "acme_1", "moved"), found(b, generic, "admin", "b", "c"), found(b, generic, "root", "moved"),
	})
	var got []string
	for _, e := range stale {
		got = append(got, e.Fingerprint)
	}
	require.ElementsMatch(t, []string{b.Fingerprinter().Of([]byte("acme_2")), b.Fingerprinter().Of([]byte("root"))}, got)
	require.Len(t, b.Stale(nil), 4)
}

func TestAcceptAgain(t *testing.T) {
	type accept struct {
		reason string
		paths  []string
	}
	tests := []struct {
		name string
		rule *scanner.Rule
		list []accept
		want []Entry // paths and reason
	}{
		{"same reason joins paths", generic, []accept{{"r", []string{"b"}}, {"r", []string{"a"}}},
			[]Entry{{Paths: []string{"a", "b"}, Reason: "r"}}},
		{"another reason takes its paths", generic, []accept{{"r", []string{"a", "b"}}, {"s", []string{"b", "c"}}},
			[]Entry{{Paths: []string{"a"}, Reason: "r"}, {Paths: []string{"b", "c"}, Reason: "s"}}},
		{"another reason takes all", generic, []accept{{"r", []string{"a"}}, {"s", []string{"a", "b"}}},
			[]Entry{{Paths: []string{"a", "b"}, Reason: "s"}}},
		{"specific replaces", specific, []accept{{"r", []string{"a"}}, {"s", []string{"b"}}}, []Entry{{Reason: "s"}}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			b := Create()
			require.NoError(t, b.Accept(found(b, specific, "other", "x"), "other", "", "", today))
			for _, a := range tt.list {
				require.NoError(t, b.Accept(found(b, tt.rule, "secret", a.paths...), a.reason, "", "", today))
			}
			var got []Entry
			for _, e := range b.of(b.Fingerprinter().Of([]byte("secret"))) {
				got = append(got, Entry{Paths: e.Paths, Reason: e.Reason})
			}
			require.Equal(t, tt.want, got)
			require.Len(t, b.Entries, 1+len(tt.want))
		})
	}
}

func TestAcceptErrors(t *testing.T) {
	b := Create()
	tests := []struct {
		name                 string
		b                    *Baseline
		f                    *scanner.Finding
		reason, owner, until string
		want                 string
	}{
		{"no baseline", &Baseline{}, found(b, specific, "acme_1", "a"), "r", "", "", "create one first"},
		{"no fingerprint", b, &scanner.Finding{Rule: specific}, "r", "", "", "no fingerprint"},
		{"nowhere", b, found(b, generic, "admin"), "r", "", "", "stands nowhere"},
		{"no reason", b, found(b, specific, "acme_1", "a"), " \n", "", "", "a reason is needed"},
		{"no date", b, found(b, specific, "acme_1", "a"), "r", "", "soon", `end date "soon"`},
		{"past date", b, found(b, specific, "acme_1", "a"), "r", "", "2027-01-14", "has passed"},
		{"secret in the reason", b, found(b, specific, "acme_1234", "a"), "it is acme_1234", "", "", "repeats the secret"},
		{"secret in the owner", b, found(b, specific, "acme_1234", "a"), "r", "acme_1234", "", "repeats the secret"},
		{"secret in a path", b, found(b, generic, "correcthorse", "x/correcthorse.txt"), "r", "", "", "repeats the secret"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			err := tt.b.Accept(tt.f, tt.reason, tt.owner, tt.until, today)
			require.ErrorContains(t, err, tt.want)
			require.Empty(t, tt.b.Entries)
			if len(tt.f.Secret.Reveal()) > 8 {
				require.NotContains(t, err.Error(), tt.f.Secret.Reveal())
			}
		})
	}
	require.NoError(t, b.Accept(found(b, generic, "admin", "admin/a"), "the admin's test", "", "", today))
}
