package scanner

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// noted is one note and the places it is of: texts that could not be read as what
// they claim to be.
type noted struct {
	note   string
	places []string // in order, at most maxNoted
	count  int
}

// maxNoted bounds how many places a note names.
const maxNoted = 5

// Note records what a Scan says of a blob beside its matches, see Scratch.Notes.
func (c *Collector) Note(p Place, notes []string) {
	if len(notes) == 0 {
		return
	}
	place := p.Path
	if place == "" && p.Object != "" {
		place = "object " + p.Object
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, note := range notes {
		i, known := slices.BinarySearchFunc(c.noted, note, func(n noted, note string) int { return strings.Compare(n.note, note) })
		if !known {
			c.noted = slices.Insert(c.noted, i, noted{note: note})
		}
		n := &c.noted[i]
		n.count++
		at, _ := slices.BinarySearch(n.places, place)
		n.places = slices.Insert(n.places, at, place)
		n.places = n.places[:min(len(n.places), maxNoted)]
	}
}

// Notes returns a line for each note, in a stable order: the note, and the first
// places it is of.
func (c *Collector) Notes() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for _, n := range c.noted {
		places := strings.Join(n.places, ", ")
		if rest := n.count - len(n.places); rest > 0 {
			places = fmt.Sprintf("%s and %d more", places, rest)
		}
		lines = append(lines, fmt.Sprintf("%s, scanned as text: %s", n.note, cmp.Or(places, "standard input")))
	}
	return lines
}
