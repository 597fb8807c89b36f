package scanner

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha256"
	"encoding/hex"
	"runtime"
	"sync"
	"sync/atomic"
)

// PublicSalt is the fingerprint key of a repository that has no baseline. It is
// no secret; what that means is said in docs/threat-model.md.
const PublicSalt = "shrike:public:v1"

const (
	// About 0.3 ms of one core: nothing beside a scan, yet it slows a dictionary
	// attack on a published fingerprint a thousandfold.
	fingerprintIterations = 1024
	fingerprintBytes      = 16
)

// Fingerprinter computes the identity of a secret: PBKDF2 with HMAC-SHA256
// (RFC 8018) over the secret's bytes and nothing else, so that it survives any
// move of the secret through files, commits and machines. It keeps no secret.
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
	sum, err := pbkdf2.Key(sha256.New, normalLines(secret), f.salt, fingerprintIterations, fingerprintBytes)
	if err != nil {
		// Only a FIPS-only build refuses, and only a salt below 16 bytes.
		panic("internal error: fingerprint: " + err.Error())
	}
	return hex.EncodeToString(sum)
}

// Identify gives each finding its fingerprint, on as many goroutines as there are
// processors: of thousands of findings the cost would show.
func (f *Fingerprinter) Identify(fs []*Finding) {
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(fs)) {
		workers.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(fs) {
					return
				}
				fs[i].Fingerprint = f.Of([]byte(fs[i].Secret.text))
			}
		})
	}
	workers.Wait()
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
