package baseline

import (
	"cmp"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/shrike-scan/shrike/scanner"
)

// Error is a fault in a baseline's text. Line and column count from 1; columns
// are Unicode code points. The message quotes nothing of the text.
type Error struct {
	File         string
	Line, Column int
	Message      string
}

func (e *Error) Error() string {
	return fmt.Sprintf("%s:%d:%d: %s", e.File, e.Line, e.Column, e.Message)
}

// Decode reads a baseline's text; name stands for the file in errors, which are
// of type *Error. What it accepts is TOML of a shape narrow enough to be read as
// fast as a commit hook needs it: the keys version, salt and accept, and inline
// tables of strings. Entries may come in any order.
func Decode(name string, text []byte) (*Baseline, error) {
	return decode(name, string(text))
}

func decode(name, text string) (*Baseline, error) {
	p := &parser{text: strings.TrimPrefix(text, "\ufeff")}
	b := &Baseline{Entries: make([]Entry, 0, strings.Count(p.text, "{"))}
	err := p.file(b)
	if err == nil {
		err = p.checkUTF8()
	}
	if err != nil {
		line, column := p.position()
		return nil, &Error{name, line, column, p.explain(err)}
	}
	byFingerprint := func(a, b Entry) int { return cmp.Compare(a.Fingerprint, b.Fingerprint) }
	if !slices.IsSortedFunc(b.Entries, byFingerprint) {
		slices.SortStableFunc(b.Entries, byFingerprint)
	}
	return b, nil
}

// parser reads text from byte i on. After an error i is where the fault is.
type parser struct {
	text  string
	i     int
	paths []string // of all entries, which hold slices of it: one allocation for many
}

func (p *parser) position() (line, column int) {
	before := p.text[:p.i]
	start := strings.LastIndexByte(before, '\n') + 1
	return 1 + strings.Count(before, "\n"), 1 + utf8.RuneCountInString(before[start:])
}

// explain turns a fault in a line of git's conflict markers into one message
// about them.
func (p *parser) explain(err error) string {
	line := p.text[strings.LastIndexByte(p.text[:p.i], '\n')+1:]
	for _, marker := range []string{"<<<<<<<", "|||||||", "=======", ">>>>>>>"} {
		if strings.HasPrefix(line, marker) {
			return "unresolved merge conflict: keep the entries of both sides and delete the markers"
		}
	}
	return err.Error()
}

func (p *parser) checkUTF8() error {
	if utf8.ValidString(p.text) {
		return nil
	}
	for p.i = 0; p.i < len(p.text); {
		r, n := utf8.DecodeRuneInString(p.text[p.i:])
		if r == utf8.RuneError && n == 1 {
			break
		}
		p.i += n
	}
	return errors.New("the text is not UTF-8")
}

func (p *parser) file(b *Baseline) error {
	const version, salt, accept = 1, 2, 4
	seen := 0
	for {
		if err := p.blanks(); err != nil {
			return err
		}
		if p.i == len(p.text) {
			break
		}
		key := 0
		start := p.i
		switch p.word() {
		case "version":
			key = version
		case "salt":
			key = salt
		case "accept":
			key = accept
		}
		if key == 0 || seen&key != 0 {
			p.i = start
			return errors.New("want one each of the keys version, salt, accept")
		}
		seen |= key
		if err := p.equals(); err != nil {
			return err
		}
		var err error
		switch key {
		case version:
			err = p.version()
		case salt:
			b.Salt, err = p.salt()
		case accept:
			err = p.entries(b)
		}
		if err == nil {
			err = p.lineEnd()
		}
		if err != nil {
			return err
		}
	}
	if seen&version == 0 || seen&salt == 0 {
		return errors.New("the keys version and salt are missing")
	}
	return nil
}

func (p *parser) version() error {
	start := p.i
	if p.word() != "1" {
		p.i = start
		return errors.New("want version 1; a newer shrike may have written this file")
	}
	return nil
}

func (p *parser) salt() ([]byte, error) {
	start := p.i
	text, err := p.str()
	if err != nil {
		return nil, err
	}
	salt, err := hex.DecodeString(text)
	if err != nil || len(salt) != saltBytes {
		p.i = start
		return nil, fmt.Errorf("want a salt of %d hex digits", 2*saltBytes)
	}
	return salt, nil
}

func (p *parser) entries(b *Baseline) error {
	return p.list(func() error {
		if p.peek() != '{' {
			return errors.New("want an entry { fingerprint = ..., } or the end of the list")
		}
		start := p.i
		var e Entry
		if err := p.entry(&e); err != nil {
			return err
		}
		if e.Fingerprint == "" || e.Rule == "" || strings.TrimSpace(e.Reason) == "" {
			p.i = start
			return errors.New("an entry needs fingerprint, rule and reason")
		}
		b.Entries = append(b.Entries, e)
		return nil
	})
}

// entry reads an inline table, which TOML keeps on one line.
func (p *parser) entry(e *Entry) error {
	const fingerprint, rule, paths, reason, owner, until = 1, 2, 4, 8, 16, 32
	seen := 0
	p.i++ // {
	for {
		p.spaces()
		start := p.i
		key := 0
		var into *string
		switch p.word() {
		case "fingerprint":
			key, into = fingerprint, &e.Fingerprint
		case "rule":
			key, into = rule, &e.Rule
		case "paths":
			key = paths
		case "reason":
			key, into = reason, &e.Reason
		case "owner":
			key, into = owner, &e.Owner
		case "until":
			key, into = until, &e.Until
		}
		if key == 0 || seen&key != 0 {
			p.i = start
			return errors.New("want one each of the keys fingerprint, rule, paths, reason, owner, until")
		}
		seen |= key
		if err := p.equals(); err != nil {
			return err
		}
		start = p.i
		var err error
		if key == paths {
			err = p.pathList(e)
		} else {
			*into, err = p.str()
		}
		if err != nil {
			return err
		}
		if key == fingerprint && !isFingerprint(e.Fingerprint) {
			p.i = start
			return errors.New("want a fingerprint of 32 lower-case hex digits")
		}
		if key == until && !scanner.ValidDate(e.Until) {
			p.i = start
			return errors.New("want a date YYYY-MM-DD")
		}
		p.spaces()
		switch p.peek() {
		case ',':
			p.i++
		case '}':
			p.i++
			return nil
		default:
			return errors.New("want a comma or the end of the entry on its line")
		}
	}
}

func (p *parser) pathList(e *Entry) error {
	at, start := p.i, len(p.paths)
	err := p.list(func() error {
		path, err := p.str()
		p.paths = append(p.paths, path)
		return err
	})
	if err != nil {
		return err
	}
	if len(p.paths) == start { // it would read as "everywhere"
		p.i = at
		return errors.New("want a path; leave paths out where the entry holds everywhere")
	}
	e.Paths = p.paths[start:len(p.paths):len(p.paths)]
	if !slices.IsSorted(e.Paths) {
		slices.Sort(e.Paths)
	}
	e.Paths = slices.Compact(e.Paths)
	return nil
}

func isFingerprint(text string) bool {
	if len(text) != 32 {
		return false
	}
	for i := range len(text) {
		if c := text[i]; c-'0' >= 10 && c-'a' >= 6 {
			return false
		}
	}
	return true
}
