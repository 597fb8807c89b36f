package rules

import (
	"os"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// TestPreparedIsFresh fails after every change of a rule, or of what the engine
// derives from rules, until rules.bin is made anew.
func TestPreparedIsFresh(t *testing.T) {
	t.Parallel()
	want, err := Prepare()
	require.NoError(t, err)
	have, err := os.ReadFile("rules.bin")
	require.NoError(t, err)
	if string(want) != string(have) {
		require.Fail(t, "rules.bin is stale", "run `go generate ./rules` and commit the file")
	}
}

// TestPreparedEqualsLoad compares all fields of all rules, and, packed again, what
// was read with them and what is derived from them.
func TestPreparedEqualsLoad(t *testing.T) {
	t.Parallel()
	written, err := Load()
	require.NoError(t, err)
	packed, err := scanner.Pack(written)
	require.NoError(t, err)
	read, err := scanner.Unpack(string(packed))
	require.NoError(t, err)
	require.Len(t, read, len(written))
	for i := range written {
		want := reflect.ValueOf(written[i])
		for f := range want.NumField() {
			switch field := want.Type().Field(f); {
			case field.Name == "Samples" || field.Name == "Misses" || !field.IsExported():
			default:
				require.Equal(t, want.Field(f).Interface(), reflect.ValueOf(read[i]).Field(f).Interface(), "%s of %s", field.Name, written[i].ID)
			}
		}
	}
	again, err := scanner.Pack(read)
	require.NoError(t, err)
	require.True(t, string(packed) == string(again))
}

func BenchmarkPrepared(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Prepared()
	}
}

// BenchmarkStart makes the engine of the shipped rules, as each run does.
func BenchmarkStart(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		all, err := Prepared()
		require.NoError(b, err)
		engine(b, all)
	}
}
