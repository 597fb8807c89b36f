package scanner

import (
	"testing"

	"github.com/stretchr/testify/require"
)

// unreadable is an extractor that can read nothing.
type unreadable struct{}

func (unreadable) Triggers() []string       { return []string{"format: x"} }
func (unreadable) Rules() []Rule            { return nil }
func (unreadable) Extract([]byte) []Extract { return []Extract{{Note: "an X that does not parse"}} }

func TestNotes(t *testing.T) {
	e := mustCompile(t, testRules(), Options{Extractors: []Extractor{unreadable{}}})
	s, c := e.NewScratch(), NewCollector()
	scan := func(p Place, text string) int {
		n := len(e.Scan(s, []byte(text)))
		c.Note(p, s.Notes())
		return n
	}
	require.Equal(t, 1, scan(Place{Path: "b.yaml"}, "format: x "+key("")), "it is scanned as text")
	require.Zero(t, scan(Place{Path: "c.yaml"}, "nothing"))
	scan(Place{Path: "a.yaml"}, "format: x")
	require.Equal(t, []string{"an X that does not parse, scanned as text: a.yaml, b.yaml"}, c.Notes())
	for range 5 {
		scan(Place{Object: "12ab"}, "format: x")
	}
	require.Equal(t, []string{"an X that does not parse, scanned as text: a.yaml, b.yaml, object 12ab, object 12ab, object 12ab and 2 more"}, c.Notes())
	scan(Place{Where: InStdin}, "format: x")
	require.Empty(t, NewCollector().Notes())
}
