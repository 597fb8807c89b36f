package scanner

import (
	"bufio"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"math"
)

// matchingVersion stands for the code that decides what matches: the assignment
// reader, the classifier, the offline checks, the decoders, the extractors. It is
// to be raised whenever the same rules could find other things in the same text
// than before, for caches of earlier scans are trusted by it.
const matchingVersion = 4

// Hash identifies what the engine finds: all fields of its rules in their order,
// those of extractors too, and the version of the code that applies them. Hex, 64
// digits. Engines with the same hash give the same matches for the same text. It
// takes half a millisecond the first time. Safe for concurrent use.
func (e *Engine) Hash() string {
	e.hashing.Do(func() { e.hash = e.hashRules() })
	return e.hash
}

func (e *Engine) hashRules() string {
	h := sha256.New()
	w := fieldWriter{bufio.NewWriter(h)} // a hash never fails
	_, _ = fmt.Fprintf(w, "shrike rules %d\n", matchingVersion)
	for _, r := range e.rules {
		w.rule(r.Rule)
	}
	_ = w.Flush()
	return hex.EncodeToString(h.Sum(nil))
}

// fieldWriter writes fields so that no two rules give the same bytes: of lists and
// texts the length first.
type fieldWriter struct{ *bufio.Writer }

func (w fieldWriter) rule(r *Rule) {
	texts, lists, numbers, flags := r.fields()
	for _, s := range texts {
		w.text(*s)
	}
	for _, list := range lists {
		w.list(*list)
	}
	w.list(r.Files)
	w.list(r.Samples)
	w.list(r.Misses)
	for _, n := range numbers {
		w.number(uint64(*n))
	}
	for _, yes := range flags {
		if *yes {
			w.number(1)
		} else {
			w.number(0)
		}
	}
	w.number(uint64(r.Severity))
	w.number(uint64(r.Confidence))
	w.number(math.Float64bits(r.Entropy))
}

func (w fieldWriter) list(list []string) {
	w.number(uint64(len(list)))
	for _, s := range list {
		w.text(s)
	}
}

func (w fieldWriter) text(s string) {
	w.number(uint64(len(s)))
	_, _ = w.WriteString(s)
}

func (w fieldWriter) number(n uint64) {
	_, _ = w.Write(binary.AppendUvarint(w.AvailableBuffer(), n))
}
