package scanner

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

var (
	idRule     = &Rule{ID: "id", Part: "access-key-id", Public: true}
	secretRule = &Rule{ID: "secret", Pair: "access-key-id"}
	tokenRule  = &Rule{ID: "token", Pair: "access-key-id", Part: "session-token"}
)

func found(r *Rule, secret string, at ...Occurrence) *Finding {
	return &Finding{Rule: r, Secret: NewSecret([]byte(secret)), Occurrences: at}
}

func in(path string, line int) Occurrence { return Occurrence{Where: InFile, Path: path, Line: line} }

// on is a place of the first line of f.
func on(column int) Occurrence { return Occurrence{Where: InFile, Path: "f", Line: 1, Column: column} }

func TestPair(t *testing.T) {
	commit := &Commit{ID: "c1"}
	tests := []struct {
		name string
		fs   []*Finding
		want string
	}{
		{"adjacent lines", []*Finding{found(idRule, "A", in("f", 1)), found(secretRule, "S", in("f", 2))}, "S+A(2)"},
		{"nearest of two", []*Finding{
			found(idRule, "A", in("f", 1)), found(secretRule, "S", in("f", 8)), found(idRule, "B", in("f", 9)),
		}, "A(1) S+B(2)"},
		{"two files of a folder", []*Finding{found(idRule, "A", in("d/f", 1)), found(secretRule, "S", in("d/g", 2))}, "S+A(2)"},
		{"two folders, one commit", []*Finding{
			found(idRule, "A", Occurrence{Path: "a/f", Commit: commit}), found(secretRule, "S", Occurrence{Path: "b/f", Commit: commit}),
		}, "S+A(2)"},
		{"nothing in common", []*Finding{found(idRule, "A", in("a/f", 1)), found(secretRule, "S", in("b/f", 1))}, "A(1) S(1)"},
		{"with a token", []*Finding{
			found(idRule, "A", in("f", 1)), found(secretRule, "S", in("f", 2)), found(tokenRule, "T", in("f", 3)),
		}, "S+A+T(3)"},
		{"a token without a secret", []*Finding{found(idRule, "A", in("f", 1)), found(tokenRule, "T", in("f", 3))}, "A(1) T(1)"},
		{"ids and secrets in turn", []*Finding{
			found(idRule, "C", in("f", 1)), found(secretRule, "X", in("f", 2)), found(idRule, "B", in("f", 3)), found(secretRule, "Y", in("f", 4)),
			found(idRule, "A", in("f", 5)), found(secretRule, "Z", in("f", 6)),
		}, "X+C(2) Y+B(2) Z+A(2)"},
		{"secrets before their ids", []*Finding{
			found(secretRule, "X", in("f", 1)), found(idRule, "B", in("f", 2)), found(secretRule, "Y", in("f", 4)), found(idRule, "A", in("f", 5)),
		}, "X+B(2) Y+A(2)"},
		{"on one line", []*Finding{
			found(idRule, "B", on(10)), found(secretRule, "X", on(40)), found(idRule, "A", on(90)), found(secretRule, "Y", on(120)),
		}, "X+B(2) Y+A(2)"},
		{"two secrets, one id", []*Finding{
			found(idRule, "A", in("f", 1)), found(secretRule, "S", in("f", 2)), found(secretRule, "Z", in("f", 3)),
		}, "S+A(2) Z+A(1)"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			got := ""
			for _, f := range Pair(tt.fs) {
				got += " " + f.Secret.Reveal()
				for _, p := range f.Parts {
					got += "+" + p.Value.Reveal()
				}
				got += fmt.Sprintf("(%d)", len(f.Occurrences))
			}
			require.Equal(t, tt.want, got[1:])
		})
	}
}

func TestPairOfManyIsBounded(t *testing.T) {
	var fs []*Finding
	for i := range 3000 {
		fs = append(fs, found(idRule, fmt.Sprint("A", i), in(fmt.Sprintf("d/%d", i), 1)), found(secretRule, fmt.Sprint("S", i), in(fmt.Sprintf("d/%d", i), 2)))
	}
	require.Len(t, Pair(fs), 3000, "each file's halves find one another")
}

// What else may complete a credential is kept, nearest first, and bounded.
func TestPairKeepsOthers(t *testing.T) {
	fs := []*Finding{found(secretRule, "S", in("d/f", 10))}
	for i, line := range []int{12, 90, 20, 40, 400} {
		fs = append(fs, found(idRule, fmt.Sprint("A", i), in("d/f", line)))
	}
	fs = append(fs, found(idRule, "far", in("d/g", 10)), found(idRule, "elsewhere", in("e/g", 10)))
	pair := fs[0]
	Pair(fs)
	require.Equal(t, "A0", pair.Parts[0].Value.Reveal())
	var others []string
	for _, p := range pair.Others {
		others = append(others, p.Value.Reveal())
	}
	require.Equal(t, []string{"A2", "A3", "A1"}, others)
}
