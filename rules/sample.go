package rules

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"math/rand/v2"
	"net/url"
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Samples expands the templates of a rule: texts that must match it and texts
// that must not.
func Samples(r scanner.Rule) (samples, misses []string, err error) {
	for i, template := range r.Samples {
		text, err := Expand(r.ID, i, template)
		if err != nil {
			return nil, nil, fmt.Errorf("rule %s: sample %d: %w", r.ID, i+1, err)
		}
		samples = append(samples, text)
	}
	for i, template := range r.Misses {
		text, err := Expand(r.ID, len(r.Samples)+i, template)
		if err != nil {
			return nil, nil, fmt.Errorf("rule %s: miss %d: %w", r.ID, i+1, err)
		}
		misses = append(misses, text)
	}
	return samples, misses, nil
}

// Expand turns a sample's template into text. The same rule id and position
// always give the same text (keys apart, see below).
//
// A template is plain text with two notations:
//
//	%{class:n}        n pseudo-random characters (default 1) of a class: digit hex
//	                  HEX lower upper alpha alnum loweralnum upperalnum base32
//	                  lowerbase32 base58 base64 base64url word printable bytes
//	%{uuid}           a random UUID
//	%{x:0a0b}         the bytes given in hex
//	%{aws-key-id:AKIA:123456789012}   a key id that encodes the account
//	%{jwt:ALG:EXP}    a signed token; EXP in seconds since 1970, or absent
//	%{pem:TYPE}       a new private key: rsa, rsa-pkcs8, ec, ec-pkcs8, ed25519,
//	                  openssh, openssh-encrypted, encrypted, pgp
//	%{age} %{wif} %{xprv} %{nkey:S}   keys with their check-sums
//	%{mnemonic:12}                    a seed phrase of as many words
//
//	%(name text%)     text transformed, and it may hold templates itself.
//	                  Encodings: base64 base64url base64raw hex percent escape-n,
//	                  and der, which leaves of a PEM block its base64.
//	                  Check-sums, written after the text: crc32-base62 crc32-base36
//	                  crc32-hex crc32-HEX crc32-hex-le crc32-base64-le;
//	                  crc32-hex:_ puts _ between the two.
//
// Other uses of % are plain text.
func Expand(rule string, position int, template string) (string, error) {
	seed := sha256.Sum256([]byte(rule + "\x00" + strconv.Itoa(position)))
	e := expander{rest: template, random: rand.New(rand.NewChaCha8(seed))}
	text, err := e.expand(0)
	if err == nil && e.rest != "" {
		err = fmt.Errorf("%q closes no block", "%)")
	}
	return text, err
}

// expander reads a template from left to right.
type expander struct {
	rest   string
	random *rand.Rand
}

// maxNesting bounds blocks in blocks.
const maxNesting = 8

// expand reads up to the end of the template or, within a block, past its %).
func (e *expander) expand(depth int) (string, error) {
	if depth > maxNesting {
		return "", fmt.Errorf("blocks nest deeper than %d", maxNesting)
	}
	var out strings.Builder
	for {
		at := strings.IndexByte(e.rest, '%')
		if at < 0 || at+1 == len(e.rest) {
			if depth > 0 {
				return "", fmt.Errorf("block is not closed by %q", "%)")
			}
			out.WriteString(e.rest)
			e.rest = ""
			return out.String(), nil
		}
		out.WriteString(e.rest[:at])
		next := e.rest[at+1]
		e.rest = e.rest[at:]
		var text string
		var err error
		switch {
		case next == '{':
			text, err = e.value()
		case next == '(':
			text, err = e.block(depth)
		case next == ')' && depth > 0:
			e.rest = e.rest[2:]
			return out.String(), nil
		default:
			text, e.rest = "%", e.rest[1:]
		}
		if err != nil {
			return "", err
		}
		out.WriteString(text)
	}
}

// value reads %{name:argument}.
func (e *expander) value() (string, error) {
	body, rest, ok := strings.Cut(e.rest[2:], "}")
	if !ok {
		return "", fmt.Errorf("%q is not closed by %q", "%{", "}")
	}
	e.rest = rest
	name, argument, _ := strings.Cut(body, ":")
	if alphabet, ok := alphabets[name]; ok {
		return e.letters(alphabet, argument)
	}
	make, ok := generators[name]
	if !ok {
		return "", fmt.Errorf("unknown template %q", name)
	}
	return make(e.random, argument)
}

// maxLetters bounds one %{class:n}.
const maxLetters = 1 << 16

func (e *expander) letters(alphabet, argument string) (string, error) {
	n := 1
	if argument != "" {
		var err error
		if n, err = strconv.Atoi(argument); err != nil || n < 0 || n > maxLetters {
			return "", fmt.Errorf("length %q: want a number from 0 to %d", argument, maxLetters)
		}
	}
	text := make([]byte, n)
	for i := range text {
		text[i] = alphabet[e.random.IntN(len(alphabet))]
	}
	return string(text), nil
}

// block reads %(name text%).
func (e *expander) block(depth int) (string, error) {
	head, rest, ok := strings.Cut(e.rest[2:], " ")
	if !ok {
		return "", fmt.Errorf("block %q holds no text", e.rest)
	}
	e.rest = rest
	inner, err := e.expand(depth + 1)
	if err != nil {
		return "", err
	}
	if encode, ok := encodings[head]; ok {
		return encode(inner), nil
	}
	name, joint, _ := strings.Cut(head, ":")
	sum, ok := checksums[name]
	if !ok {
		return "", fmt.Errorf("unknown block %q", head)
	}
	return inner + joint + sum(inner), nil
}

const (
	digits    = "0123456789"
	lowercase = "abcdefghijklmnopqrstuvwxyz"
	uppercase = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
)

var alphabets = map[string]string{
	"digit":       digits,
	"hex":         digits + "abcdef",
	"HEX":         digits + "ABCDEF",
	"lower":       lowercase,
	"upper":       uppercase,
	"alpha":       uppercase + lowercase,
	"alnum":       digits + uppercase + lowercase,
	"loweralnum":  digits + lowercase,
	"upperalnum":  digits + uppercase,
	"base32":      uppercase + "234567",
	"lowerbase32": lowercase + "234567",
	"base58":      "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz",
	"base64":      uppercase + lowercase + digits + "+/",
	"base64url":   uppercase + lowercase + digits + "-_",
	"word":        uppercase + lowercase + digits + "_",
	"printable":   uppercase + lowercase + digits + "!#$*+-.,:;=?@^_~",
	"bytes":       allBytes(),
}

func allBytes() string {
	var all [256]byte
	for i := range all {
		all[i] = byte(i)
	}
	return string(all[:])
}

var encodings = map[string]func(string) string{
	"base64":    func(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) },
	"base64raw": func(s string) string { return base64.RawStdEncoding.EncodeToString([]byte(s)) },
	"base64url": func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) },
	"hex":       func(s string) string { return hex.EncodeToString([]byte(s)) },
	"percent":   url.QueryEscape,
	"escape-n":  func(s string) string { return strings.ReplaceAll(s, "\n", `\n`) },
	"der":       derOfPEM,
}

var checksums = map[string]func(string) string{
	"crc32-base62":    func(s string) string { return crcBase62([]byte(s)) },
	"crc32-base36":    func(s string) string { return crcBase36([]byte(s)) },
	"crc32-hex":       func(s string) string { return crcHex([]byte(s)) },
	"crc32-HEX":       func(s string) string { return strings.ToUpper(crcHex([]byte(s))) },
	"crc32-hex-le":    func(s string) string { return crcHexReversed([]byte(s)) },
	"crc32-base64-le": func(s string) string { return crcBase64Reversed([]byte(s)) },
}
