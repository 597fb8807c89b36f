package structured

import (
	"bytes"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleTerraform = "terraform-secret"

const useSensitiveVariable = `no default and sensitive = true, with the value from TF_VAR_ or a secret store's data source`

// Terraform returns the extractor of Terraform configuration and variable files
// (HCL native syntax): the default of a variable named after a secret, and the
// entries of maps named after secrets. Direct assignments such as
// `password = "..."` are found without it. Stateless; safe for concurrent use.
func Terraform() scanner.Extractor { return terraform{} }

type terraform struct{}

func (terraform) Triggers() []string {
	triggers := []string{`variable "`}
	for _, name := range secretMaps {
		triggers = append(triggers, name+" = {")
	}
	return triggers
}

// secretMaps name maps of secrets.
var secretMaps = [...]string{"passwords", "secrets", "tokens", "credentials", "api_keys", "secret_variables"}

func (terraform) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleTerraform, Service: "Terraform", Kind: "variable's value",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "The credential of the resources that are made with this variable.",
		Revoke: "Change the credential, and give its value from outside the configuration.",
	}}
}

// opensBlock reports whether a line opens a variable or a map of secrets. That
// `variable "` stands somewhere is common in programs and manuals.
func opensBlock(text []byte) bool {
	for _, name := range secretMaps {
		if bytes.Contains(text, []byte(name+" = {")) {
			return true
		}
	}
	for rest := text; ; {
		i := bytes.Index(rest, []byte(`variable "`))
		if i < 0 {
			return false
		}
		line, after, _ := bytes.Cut(rest[i:], []byte{'\n'})
		if bytes.IndexByte(line, '{') >= 0 {
			return true
		}
		rest = after
	}
}

// Extract reads line by line: all that matters of the syntax is which block a
// line stands in, and braces end the lines that open one.
func (terraform) Extract(text []byte) []scanner.Extract {
	if !opensBlock(text) {
		return nil
	}
	r := reading{text: text, seen: map[int]bool{}}
	var blocks []hclBlock
	for start := 0; start < len(text); {
		end := start + bytes.IndexByte(text[start:], '\n') + 1
		if end == start {
			end = len(text)
		}
		line := string(text[start:end])
		trimmed := strings.TrimSpace(stripComment(line))
		switch {
		case strings.HasSuffix(trimmed, "{") || strings.HasSuffix(trimmed, "["):
			if len(blocks) < maxDepth {
				blocks = append(blocks, blockOf(trimmed))
			}
		case strings.HasPrefix(trimmed, "}") || strings.HasPrefix(trimmed, "]"):
			if len(blocks) > 0 {
				blocks = blocks[:len(blocks)-1]
			}
		case len(blocks) > 0:
			r.argument(blocks, line, start)
		}
		start = end
	}
	return r.found
}

// hclBlock is a block or a map that lines stand in.
type hclBlock struct {
	name    string // of a variable or a map
	class   nameClass
	isMap   bool // whose entries are secrets, whatever their names
	isInput bool // a variable block
}

// blockOf reads a line that opens a block: `variable "name" {` or `name = {`.
func blockOf(line string) hclBlock {
	if rest, ok := strings.CutPrefix(line, `variable "`); ok {
		name, _, _ := strings.Cut(rest, `"`)
		return hclBlock{name: name, class: classifyName(name), isInput: true}
	}
	name, _, ok := strings.Cut(line, "=")
	name = strings.Trim(name, ` "`)
	if !ok {
		return hclBlock{name: name}
	}
	singular := strings.TrimSuffix(name, "s")
	return hclBlock{name: name, class: classifyName(singular), isMap: strings.HasSuffix(name, "s") && classifyName(singular) != notSecret}
}

// argument judges `name = "literal"` inside a block.
func (r *reading) argument(blocks []hclBlock, line string, start int) {
	in := blocks[len(blocks)-1]
	name, rest, ok := strings.Cut(line, "=")
	if !ok {
		return
	}
	open := strings.IndexByte(rest, '"')
	if open < 0 || strings.TrimSpace(rest[:open]) != "" {
		return
	}
	literal, _, closed := strings.Cut(rest[open+1:], `"`)
	name = strings.Trim(name, "\" \t")
	isDefault := in.isInput && name == "default"
	if !closed || !isDefault && !in.isMap || !isPlausible(in.class, literal) {
		return
	}
	at := start + len(line) - len(rest) + open + 1
	path := "variable." + in.name + ".default"
	if !isDefault {
		path = in.name + "." + name
	}
	r.report(ruleTerraform, path, useSensitiveVariable, literal, &value{kind: scalar, text: literal, start: at, end: at + len(literal)})
}

// stripComment removes a comment from # or // on, outside quotes.
func stripComment(line string) string {
	quoted := false
	for i := range len(line) {
		switch {
		case line[i] == '"' && (i == 0 || line[i-1] != '\\'):
			quoted = !quoted
		case !quoted && (line[i] == '#' || strings.HasPrefix(line[i:], "//")):
			return line[:i]
		}
	}
	return line
}
