package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestWriteReplacements(t *testing.T) {
	finding := func(secret, encoding string, parts ...scanner.Part) *scanner.Finding {
		return &scanner.Finding{Secret: scanner.NewSecret([]byte(secret)), Parts: parts, Occurrences: []scanner.Occurrence{{Encoding: encoding}}}
	}
	path := filepath.Join(t.TempDir(), "replacements")
	notes, err := writeReplacements(path, []*scanner.Finding{
		finding("s3cret==>value", ""),
		finding("s3cret==>value", "utf-16le"),
		finding("-----\nA+B\r\n-----", ""),
		finding("short", ""),
		finding("other value", "", scanner.Part{Value: scanner.NewSecret([]byte("public id")), Public: true}, scanner.Part{Value: scanner.NewSecret([]byte("session token"))}),
	})
	require.NoError(t, err)
	require.Len(t, notes, 3)
	require.Contains(t, notes[0], "1 secret left out")
	require.Contains(t, notes[1], "1 finding stand encoded")
	require.Contains(t, notes[2], "holds the secrets themselves")
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	require.Equal(t, "literal:other value==>***REMOVED***\n"+
		"literal:s3cret==>value==>***REMOVED***\n"+
		"literal:session token==>***REMOVED***\n"+
		`regex:-----\r?\nA\+B\r?\n-----==>***REMOVED***`+"\n", string(text))
	_, err = writeReplacements(path, nil)
	require.ErrorContains(t, err, "file exists")
}
