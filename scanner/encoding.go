package scanner

import (
	"encoding/base64"
	"encoding/hex"
	"slices"
	"strconv"
	"strings"
)

// Encodings. A credential that is written in base64, in hexadecimal or with
// escapes has none of its rule's literals. To decode whatever looks encoded would
// cost more than the scan, so what is looked for are the encoded forms of a few
// texts that credentials, and the names they are assigned to, hold:
//
//	text       p a s s w o r d            AKIA
//	base64     cGFzc3dvcm                 QUtJQ
//	           Bhc3N3b3Jk                 FLSU
//	           wYXNzd29yZ                 BS0lB
//	hex        70617373776f7264           414b4941
//
// Of the three forms in base64, one for each offset in a group of three bytes, only
// the letters count that no neighbour changes. Where one stands, all the text's
// runs of that encoding are decoded and scanned like texts of their own, to a
// bounded depth. Text without such a form pays nothing but a few more literals in
// the prefilter.

const (
	maxEncodings = 3       // one inside another
	maxDecoded   = 8 << 20 // bytes that are decoded of one text and encoding, with all that is inside
)

// telling holds texts that credentials start with, and names of them.
var telling = [...]string{
	"AKIA", "ASIA", "AIza", "ghp_", "gho_", "ghs_", "github_pat_", "glpat-", "xoxb-", "xoxp-", "xapp-", "hooks.slack",
	"sk_live_", "rk_live_", "sk-ant-", "sk-proj-", "npm_", "pypi-", "dop_v1_", "shpat_", "hvs.", "SG.", "AGE-SECRET-KEY",
	"-----BEGIN", "PuTTY-User", "AccountKey=", "SharedAccess", "aws_secret", "AWS_SECRET",
	"password", "Password", "PASSWORD", "passwd", "secret", "SECRET", "api_key", "apiKey", "API_KEY", "token\"", "_TOKEN",
	"Bearer ", "postgres://", "mongodb", "mysql://", "redis://", "amqp://",
}

// encoding is one way of writing a text inside another.
type encoding struct {
	name  string
	forms []literal // what sets it off
	parts partsFunc
}

// partsFunc yields the decoded pieces of a text. It takes what it decodes from
// left, in bytes, and ends when nothing is left.
type partsFunc func(text []byte, left *int, yield func(part))

// part is one decoded piece of a text.
type part struct {
	text     []byte
	encoding string // the names of what was undone, the outermost first: "base64>gzip"
	place    func(start, end int) (int, int)

	// escaped parts hold most of the text as it stands: only what is near an
	// escape is of interest.
	escaped bool
}

// encodings returns the encodings that are looked into.
func encodings() []encoding {
	var in64, inHex, inUnicode, inHTML []literal
	exact := func(text string) literal { return literal{text: text} }
	folded := func(text string) literal { return literal{text: lowerASCII(text), fold: true} }
	for _, text := range telling {
		for _, form := range base64Forms(text) {
			in64 = append(in64, exact(form))
		}
		if len(text) < 4 {
			continue
		}
		inHex = append(inHex, folded(hex.EncodeToString([]byte(text[:min(len(text), 8)]))))
		var unicode, short, decimal, hexadecimal []byte
		for _, c := range []byte(text[:4]) {
			digits := hex.AppendEncode(nil, []byte{c})
			unicode = append(append(unicode, `\u00`...), digits...)
			short = append(append(short, `\x`...), digits...)
			decimal = append(strconv.AppendUint(append(decimal, "&#"...), uint64(c), 10), ';')
			hexadecimal = append(append(append(hexadecimal, "&#x"...), digits...), ';')
		}
		inUnicode = append(inUnicode, folded(string(unicode)), folded(string(short)))
		inHTML = append(inHTML, folded(string(decimal)), folded(string(hexadecimal)))
	}
	in64 = append(in64, exact("H4sIA"), exact("H4sIC"), folded(" -enc ")) // gzip; PowerShell's -EncodedCommand
	inner := []string{"H4sIA"}                                            // in base64 once more, as in Secrets and in Helm's releases
	for _, text := range [...]string{"-----BEGIN", "password", "AKIA"} {
		inner = append(inner, base64Forms(text)...)
	}
	for _, text := range inner {
		for _, form := range base64Forms(text) {
			in64 = append(in64, exact(form))
		}
	}
	inUnicode = append(inUnicode, folded(`\u003d`), folded(`\u003a\u002f\u002f`), folded(`\u002b`), folded(`-----\u000a`), folded(`\x2d\x2d\x2d`))
	inHTML = append(inHTML, folded("&#61;"), folded("&#x3d;"), folded("-----&#10;"), folded("-----&#xa;"), folded("-----&#13;"))
	return []encoding{
		{"base64", in64, base64Parts},
		{"hex", inHex, hexParts},
		{"percent", []literal{folded("%3A%2F%2F"), folded("%22%3A%22"), folded("%2D%2D%2D%2D%2D"), folded("-----BEGIN%20"),
			folded("password%3D"), folded("passwd%3D"), folded("secret%3D"), folded("token%3D"), folded("key%3D")}, percentParts},
		{"unicode", inUnicode, unicodeParts},
		{"html", inHTML, htmlParts},
	}
}

// base64Forms returns the letters of text in base64 that do not depend on what
// stands around it, for each offset in a group of three.
func base64Forms(text string) []string {
	var forms []string
	for offset := range 3 {
		padded := base64.RawStdEncoding.EncodeToString(append(make([]byte, offset), text...))
		from, to := (offset*8+5)/6, (offset+len(text))*8/6
		if to-from >= 4 {
			forms = append(forms, padded[from:to])
		}
	}
	return forms
}

// addEncodings makes the engine look into encoded text.
func (b *builder) addEncodings() {
	for _, enc := range encodings() {
		x := &extractor{parts: enc.parts}
		forms := make([]anchor, len(enc.forms))
		for i, form := range enc.forms {
			forms[i].lit = form
			b.trigger(&forms[i]).sets(len(b.engine.extractors))
		}
		b.engine.extractors = append(b.engine.extractors, x)
	}
}

// undo scans what is written in the encodings that were triggered. The text stands at
// offset base of the one that scratch's candidates are of.
func (e *Engine) undo(s *Scratch, text []byte, fired []*extractor, base int) {
	for _, x := range e.extractors {
		if x.parts != nil && slices.Contains(fired, x) {
			e.extractParts(s, text, x, base)
		}
	}
}

// undoChunks is undo for a large text, as ScanReader would see it: an encoding is
// undone in the chunks that hold one of its forms.
func (e *Engine) undoChunks(s *Scratch, text []byte) {
	for n, fired := range s.forms {
		from, to := n*chunk, (n+1)*chunk
		lo, hi := max(0, from-e.margin), min(len(text), to+e.margin)
		before := len(s.found)
		e.undo(s, text[lo:hi], fired, lo)
		added := slices.DeleteFunc(s.found[before:], func(c candidate) bool { return c.place() < from || c.place() >= to })
		s.found = s.found[:before+len(added)]
	}
}

// noteForm notes that an encoding's form stands at text[start:end], in the chunks of
// which, with their margins, that is a part.
func (e *Engine) noteForm(s *Scratch, text []byte, x *extractor, start, end int) {
	for len(s.forms) < (len(text)+chunk-1)/chunk {
		s.forms = append(s.forms, nil)
	}
	for n := max(0, (end-e.margin-1)/chunk); n < len(s.forms) && n*chunk-e.margin <= start; n++ {
		if end <= (n+1)*chunk+e.margin && !slices.Contains(s.forms[n], x) {
			s.forms[n] = append(s.forms[n], x)
		}
	}
}

// extractParts scans what is encoded in text and adds what it finds, at the
// places of the encoded form.
func (e *Engine) extractParts(s *Scratch, text []byte, x *extractor, base int) {
	if s.depth >= maxEncodings {
		return
	}
	if s.inner == nil {
		s.inner = &Scratch{depth: s.depth + 1}
	}
	if s.depth == 0 {
		s.left = maxDecoded
	}
	s.inner.left = s.left
	x.parts(text, &s.inner.left, func(p part) {
		in := s.inner
		in.begin()
		binary := isBinary(p.text)
		e.extract(in, p.text, e.candidates(in, p.text, binary))
		var whole span
		if len(in.found) > 0 {
			whole.min, whole.max = p.place(0, len(p.text))
			for whole.max < len(text) && text[whole.max] == '=' { // padding
				whole.max++
			}
		}
		for _, c := range resolve(in.found) {
			start, end := p.place(c.start, c.end)
			if start < 0 || start >= end || end > len(text) || p.escaped && !s.adds(p, c, start, end, base) {
				continue
			}
			c.start, c.end = base+start, base+end
			c.encoding, c.encoded = chain(p.encoding, c.encoding), span{min: base + whole.min, max: base + whole.max}
			c.value = slices.Clone(c.value)
			s.found = append(s.found, c)
		}
	})
	s.left = s.inner.left
}

// nearEscape is how far before a credential an escape can have hidden it.
const nearEscape = 80

// adds reports whether a candidate of a text whose escapes were undone is due to
// one of them. What the text as it stands gives too is not.
func (s *Scratch) adds(p part, c candidate, start, end, base int) bool {
	before := max(0, c.start-nearEscape)
	from, _ := p.place(before, before+1)
	if end-from == c.end-before {
		return false
	}
	if end-start > c.end-c.start {
		return true
	}
	return !slices.ContainsFunc(s.found, func(x candidate) bool { return x.start < base+end && base+start < x.end })
}

// place is what says in which chunk a candidate is reported: where it starts, or, of
// compressed text, where that starts, for the bytes in it have no place of their own.
func (a *candidate) place() int {
	if strings.Contains(a.encoding, gzipped) {
		return a.encoded.min
	}
	return a.start
}

// chain joins the names of encodings, the outermost first.
func chain(outer, inner string) string {
	if outer == "" || inner == "" {
		return outer + inner
	}
	return outer + ">" + inner
}
