// Package guard judges what a coding assistant or a script is about to say or do:
// a text, or a tool call as JSON. It answers allow or block, or gives back a copy
// in which each secret is a placeholder that stays the same from call to call.
package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Guard judges inputs. Safe for concurrent use if Hide is.
type Guard struct {
	Engine *scanner.Engine
	By     *scanner.Fingerprinter

	// Hide marks the findings that are accepted; nil accepts none. Comments in the
	// input accept nothing: whoever writes the input could write the comment too.
	Hide func([]*scanner.Finding)
	// Wants says which findings count; nil: all do.
	Wants func(*scanner.Finding) bool
}

// Judge returns the secrets that the input holds and nothing accepts. In a tool
// call, the text that an edit replaces does not count: an assistant must be able
// to take a secret out.
func (g *Guard) Judge(input []byte) ([]*scanner.Finding, error) {
	if !isJSON(input) {
		return g.find([][]byte{input}), nil
	}
	call, err := rewrite(input, func(key, value string) string {
		if replaced[key] {
			return ""
		}
		return value
	})
	if err != nil {
		return nil, err
	}
	return g.findJSON(call)
}

// replaced are the members by which the common assistants' edit tools name the
// text that goes away.
var replaced = map[string]bool{"old_string": true, "old_str": true, "oldString": true, "old_text": true}

// ErrEncoded says that a secret stands in the input in a form that no placeholder
// can replace.
var ErrEncoded = errors.New("a secret is encoded, and cannot be replaced by a placeholder")

// Redact returns a copy of the input in which each secret is its placeholder. JSON
// stays JSON, with its members in their order; white space between them goes. It
// fails rather than return a copy that still holds a secret.
func (g *Guard) Redact(input []byte) ([]byte, error) {
	out, find := input, func(text []byte) ([]*scanner.Finding, error) { return g.find([][]byte{text}), nil }
	if isJSON(input) {
		find = g.findJSON
	}
	found, err := find(out)
	if err != nil || len(found) == 0 {
		return out, err
	}
	hide := g.replacer(found)
	if isJSON(input) {
		out, err = rewrite(input, func(_, value string) string { return hide.Replace(value) })
		if err != nil {
			return nil, err
		}
	} else {
		out = []byte(hide.Replace(string(input)))
	}
	if left, err := find(out); err != nil || len(left) > 0 {
		return nil, errors.Join(err, ErrEncoded)
	}
	return out, nil
}

// findJSON looks at the text of the document, where a member's name is beside its
// value, and at the strings whose value differs from how they are written.
func (g *Guard) findJSON(text []byte) ([]*scanner.Finding, error) {
	texts := [][]byte{text}
	_, err := rewrite(text, func(_, value string) string {
		if strings.ContainsFunc(value, func(r rune) bool { return r < ' ' || r == '"' || r == '\\' || r == '<' || r == '>' || r == '&' }) {
			texts = append(texts, []byte(value))
		}
		return value
	})
	return g.find(texts), err
}

func (g *Guard) find(texts [][]byte) []*scanner.Finding {
	c, scratch := scanner.NewCollector(), g.Engine.NewScratch()
	for _, text := range texts {
		c.Add(scanner.Place{Where: scanner.InStdin}, g.Engine.Scan(scratch, text))
	}
	all := scanner.Pair(c.Findings())
	g.By.Identify(all, 0)
	if g.Hide != nil {
		g.Hide(all)
	}
	var open []*scanner.Finding
	for _, f := range all {
		if f.Suppressed == nil && !f.Rule.Public && (g.Wants == nil || g.Wants(f)) {
			open = append(open, f)
		}
	}
	return open
}

// replacer turns the bytes of the secrets into their placeholders, longer ones
// first, in the form in which they stand in a text and in a JSON string.
func (g *Guard) replacer(found []*scanner.Finding) *strings.Replacer {
	var pairs []string
	add := func(secret scanner.Secret, placeholder string) {
		text := secret.Reveal()
		pairs = append(pairs, text, placeholder)
		var plain string
		if json.Unmarshal([]byte(`"`+text+`"`), &plain) == nil && plain != text {
			pairs = append(pairs, plain, placeholder)
		}
	}
	for _, f := range longestFirst(found) {
		add(f.Secret, Placeholder(f))
		for _, p := range f.Parts {
			if !p.Public {
				add(p.Value, placeholder(p.Name, g.By.Of([]byte(p.Value.Reveal()))))
			}
		}
	}
	return strings.NewReplacer(pairs...)
}

// Placeholder stands for a finding's secret: the rule, which says what it is, and
// the start of the fingerprint, which says which one. Scanners, this one among
// them, must not take it for a value: hence the angle brackets, and no colon.
func Placeholder(f *scanner.Finding) string { return placeholder(f.Rule.ID, f.Fingerprint) }

func placeholder(what, fingerprint string) string {
	return fmt.Sprintf("<shrike-%s-%s>", what, fingerprint[:min(len(fingerprint), 8)])
}

func isJSON(input []byte) bool {
	text := bytes.TrimLeft(input, " \t\r\n")
	return len(text) > 0 && (text[0] == '{' || text[0] == '[') && json.Valid(text)
}
