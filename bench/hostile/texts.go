// Package hostile makes texts that a scanner dislikes: they hold far more literals, or
// longer lines, than honest text does.
package hostile

import (
	"encoding/base64"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Text is one of them.
type Text struct{ Name, Text string }

// Texts returns them by name, each of size bytes, the same every time.
func Texts(e *scanner.Engine, size int) []Text {
	rng := rand.New(rand.NewPCG(1, 2))
	var literals []string
	for _, r := range e.Rules() {
		literals = append(literals, strings.Fields(e.Literals(r.ID))...)
	}
	repeated := func(text string) string { return strings.Repeat(text, 1+size/len(text))[:size] }
	shuffled := func(between string) string {
		var b strings.Builder
		for b.Len() < size {
			b.WriteString(literals[rng.IntN(len(literals))])
			b.WriteString(between)
		}
		return b.String()[:size]
	}
	random := make([]byte, size*3/4+3)
	for i := range random {
		random[i] = byte(rng.Uint32())
	}
	texts := map[string]string{
		"base64, one line":   base64.StdEncoding.EncodeToString(random)[:size],
		"literals":           repeated(strings.Join(literals, "\n")),
		"shuffled":           shuffled(""),
		"shuffled, assigned": shuffled(`="`),
		"shuffled, in lines": shuffled("\n"),
		"shuffled, joined":   shuffled("_"),
	}
	for name, text := range map[string]string{
		"addresses":            "https://a:",
		"bearers":              "Authorization: Bearer ",
		"key marks":            "-----BEGIN RSA PRIVATE KEY-----",
		"lists of passwords":   "password=[",
		"logins":               "login password ",
		"minified assignments": `a.password=b.token;c.secret=d;`,
		"nested calls":         "token=f(value=",
		"one capital":          "A",
		"one digit":            "0",
		"one letter":           "a",
		"passwords":            "password=",
		"passwords found":      "pass=pass ",
		"quotes":               `"`,
		"spaces":               " ",
		"texts of passwords":   "password='",
		"tokens cut short":     "ghp_x AKIAX eyJ.eyJ. xoxb-1 ",
	} {
		texts[name] = repeated(text)
	}
	var out []Text
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		out = append(out, Text{name, texts[name]})
	}
	return out
}
