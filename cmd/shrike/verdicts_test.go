package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

func TestPlaceKeys(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	china := write("china.env", "REGION=cn-north-1\nKEY=x\n\n\nOTHER=us-east-1\n")
	silent := write("silent.env", "KEY=x\n")
	key := &scanner.Rule{Verify: verify.STSName}
	at := func(rule *scanner.Rule, details []scanner.Detail, paths ...string) *scanner.Finding {
		f := &scanner.Finding{Rule: rule, Details: details}
		for _, path := range paths {
			f.Occurrences = append(f.Occurrences, scanner.Occurrence{Where: scanner.InFile, Path: path, Line: 2})
		}
		return f
	}
	known := []scanner.Detail{{Name: "region", Value: "eu-west-1"}}
	tests := []struct {
		name string
		f    *scanner.Finding
		want []scanner.Detail
	}{
		{"beside the key", at(key, nil, china), []scanner.Detail{{Name: "region", Value: "cn-north-1"}}},
		{"beside its other half", at(key, nil, silent, filepath.Join(dir, "gone"), dir, "", china), []scanner.Detail{{Name: "region", Value: "cn-north-1"}}},
		{"nowhere", at(key, nil, silent), nil},
		{"known", at(key, known, china), known},
		{"of another service", at(&scanner.Rule{Verify: "github"}, nil, china), nil},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			placeKeys([]*scanner.Finding{tt.f}, readFile)
			require.Equal(t, tt.want, tt.f.Details)
		})
	}
	placeKeys([]*scanner.Finding{at(key, nil, china)}, nil) // standard input is gone
}
