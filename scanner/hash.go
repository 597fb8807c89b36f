package scanner

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
)

// matchingVersion stands for the code that decides what matches: the assignment
// reader, the classifier, the offline checks, the decoders, the extractors. It is
// to be raised whenever the same rules could find other things in the same text
// than before, for caches of earlier scans are trusted by it.
const matchingVersion = 3

// Hash identifies what the engine finds: all fields of its rules in their order,
// those of extractors too, and the version of the code that applies them. Hex, 64
// digits. Engines with the same hash give the same matches for the same text. It
// takes some milliseconds the first time. Safe for concurrent use.
func (e *Engine) Hash() string {
	e.hashing.Do(func() { e.hash = e.hashRules() })
	return e.hash
}

func (e *Engine) hashRules() string {
	h := sha256.New()
	fmt.Fprintf(h, "shrike rules %d\n", matchingVersion)
	lines := json.NewEncoder(h) // a rule a line, its fields by name in the struct's order
	for _, r := range e.rules {
		if err := lines.Encode(r.Rule); err != nil {
			panic("internal error: hash of a rule: " + err.Error())
		}
	}
	return hex.EncodeToString(h.Sum(nil))
}
