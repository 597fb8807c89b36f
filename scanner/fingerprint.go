package scanner

import (
	"bytes"
	"encoding/hex"
	"runtime"
	"sync"
	"sync/atomic"
)

// PublicSalt is the fingerprint key of a repository that has no baseline. It is
// no secret; what that means is said in docs/threat-model.md.
const PublicSalt = "shrike:public:v1"

const (
	// About 0.1 ms of one core: nothing beside a scan, yet it slows a dictionary
	// attack on a published fingerprint a thousandfold.
	fingerprintIterations = 1024
	fingerprintBytes      = 16

	// A text of that length in the alphabet of tokens was drawn by a machine: there
	// is no dictionary to slow.
	tokenBytes = 32
)

// Fingerprinter computes the identity of a secret: PBKDF2 with HMAC-SHA256
// (RFC 8018) over the secret's bytes and nothing else, so that it survives any
// move of the secret through files, commits and machines, and any change of the
// rules. Tokens take one iteration, all else, which people may have chosen, many.
// It keeps no secret.
// Immutable; safe for concurrent use.
type Fingerprinter struct{ salt []byte }

// NewFingerprinter copies salt, the repository's own key of at least 16 bytes.
// With nil it takes PublicSalt.
func NewFingerprinter(salt []byte) *Fingerprinter {
	if salt == nil {
		return &Fingerprinter{[]byte(PublicSalt)}
	}
	return &Fingerprinter{bytes.Clone(salt)}
}

// Of returns 32 lower-case hex digits. White space around the secret and around
// each of its lines, blank lines and the kind of line ending do not count: a
// private key is the same key with CRLF and indented in YAML.
func (f *Fingerprinter) Of(secret []byte) string {
	normal := normalLines(secret)
	sum, err := stretch(normal, f.salt, iterations(normal))
	if err != nil {
		// Only a FIPS-only build refuses, and only a salt below 16 bytes.
		panic("internal error: fingerprint: " + err.Error())
	}
	return hex.EncodeToString(sum[:fingerprintBytes])
}

// iterations depends on the secret's bytes alone, for the fingerprint must not
// change with what rules make of them. It is as much a part of the identity as the
// hash is.
func iterations(normal string) int {
	if len(normal) < tokenBytes {
		return fingerprintIterations
	}
	var letter, digit bool
	for _, c := range []byte(normal) {
		switch {
		case c-'0' < 10:
			digit = true
		case c|0x20-'a' < 26:
			letter = true
		case c != '+' && c != '/' && c != '=' && c != '-' && c != '_' && c != '.':
			return fingerprintIterations
		}
	}
	if !letter || !digit {
		return fingerprintIterations
	}
	return 1
}

// Identify gives each finding its fingerprint, on so many goroutines, since of
// thousands of findings the cost would show; 0 means GOMAXPROCS.
func (f *Fingerprinter) Identify(fs []*Finding, workers int) {
	if workers <= 0 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, len(fs)) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(fs) {
					return
				}
				fs[i].Fingerprint = f.Of([]byte(fs[i].Secret.Reveal()))
			}
		})
	}
	group.Wait()
}

// normalLines joins the non-blank lines of text, each without the ASCII white
// space around it, by line feeds.
func normalLines(text []byte) string {
	normal := make([]byte, 0, len(text))
	for line := range bytes.FieldsFuncSeq(text, func(r rune) bool { return r == '\n' || r == '\r' }) {
		line = bytes.Trim(line, " \t\v\f")
		if len(line) == 0 {
			continue
		}
		if len(normal) > 0 {
			normal = append(normal, '\n')
		}
		normal = append(normal, line...)
	}
	return string(normal)
}
