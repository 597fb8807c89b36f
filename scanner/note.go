package scanner

import (
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
	place := p.name()
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, note := range notes {
		i, known := slices.BinarySearchFunc(c.noted, note, func(n noted, note string) int { return strings.Compare(n.note, note) })
		if !known {
			c.noted = slices.Insert(c.noted, i, noted{note: note})
		}
		c.noted[i].add(place)
	}
}

// name is what a place is called in a note.
func (p Place) name() string {
	switch {
	case p.Path != "":
		return p.Path
	case p.Object != "":
		return "object " + p.Object
	case p.Commit != nil:
		return "commit " + p.Commit.ID
	}
	return "standard input"
}

func (n *noted) add(place string) {
	n.count++
	at, _ := slices.BinarySearch(n.places, place)
	n.places = slices.Insert(n.places, at, place)
	n.places = n.places[:min(len(n.places), maxNoted)]
}

// list names the first places, and counts the others.
func (n *noted) list() string {
	places := strings.Join(n.places, ", ")
	if rest := n.count - len(n.places); rest > 0 {
		places = fmt.Sprintf("%s and %d more", places, rest)
	}
	return places
}

// Notes returns a line for each note, in a stable order: the note, and the first
// places it is of.
func (c *Collector) Notes() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	var lines []string
	for i := range c.noted {
		lines = append(lines, fmt.Sprintf("%s, scanned as text: %s", c.noted[i].note, c.noted[i].list()))
	}
	if len(c.unlisted) > 0 {
		var n noted
		sum := 0
		for p, more := range c.unlisted {
			n.add(p.name())
			sum += more
		}
		lines = append(lines, fmt.Sprintf("%d more places of these secrets are not listed, after the first %d of a file: %s", sum, mostListed, n.list()))
	}
	return lines
}
