package structured

import (
	"slices"
	"strings"
)

// Values shorter than these are no evidence: "on", "none", "123".
const (
	minPassword = 4
	minSecret   = 8
	maxSecret   = 8 << 10
)

// isReal reports whether a literal can be the secret itself at a place that
// holds nothing but secrets: whatever is no placeholder and refers to nothing.
func isReal(text string) bool {
	text = strings.TrimSpace(text)
	return len(text) >= minPassword && len(text) <= maxSecret && !isPlaceholder(text) && !isReference(text)
}

// isPlausible reports whether a literal under a name of that class is likely a
// secret. The name alone promises less than a place does, so prose, switches,
// identifiers and paths do not count.
func isPlausible(class nameClass, text string) bool {
	if class == notSecret || !isReal(text) || strings.ContainsAny(text, " \t\r\n") || isNumber(text) || isWord(text) {
		return false
	}
	if class == passwordName {
		return text[0] != '/' || strings.Count(text, "/") < 2 // a path
	}
	return len(text) >= minSecret && isMixed(text)
}

// placeholderParts are found in values that wait for the real one.
var placeholderParts = []string{
	"changeme", "change_me", "change-me", "changeit", "replaceme", "replace_me", "replace-me", "replace_with", "replace-with",
	"placeholder", "example", "dummy", "redacted", "your_", "your-", "yourpassword", "yoursecret", "yourtoken",
	"to_be_", "to-be-", "not-used", "notused", "insert_", "insert-", "enter_", "fill_in", "fill-in", "todo", "xxxx", "****", "....",
}

// isPlaceholder reports whether text stands in for a secret.
func isPlaceholder(text string) bool {
	lower := strings.ToLower(text)
	if strings.Trim(lower, lower[:1]) == "" { // one character repeated
		return true
	}
	first, last := lower[0], lower[len(lower)-1]
	if first == '<' && last == '>' || first == '[' && last == ']' || first == '%' && last == '%' || strings.HasPrefix(lower, "__") && strings.HasSuffix(lower, "__") {
		return true
	}
	return slices.ContainsFunc(placeholderParts, func(part string) bool { return strings.Contains(lower, part) })
}

// isReference reports whether text names a secret kept elsewhere, or is filled
// in by a tool before it is used.
func isReference(text string) bool {
	for _, mark := range []string{"{{", "${", "$(", "<%", "{%", "%{", "@@", "**SOPS**"} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	for _, scheme := range []string{"arn:", "ssm:", "secretsmanager:", "vault:", "sops:", "file:", "s3://", "AWS::", "alias/", "ENC[AES256_GCM"} {
		if strings.HasPrefix(text, scheme) {
			return true
		}
	}
	return text[0] == '$' && isIdentifier(text[1:]) && strings.ToUpper(text) == text
}

// isWord reports whether text is a word that a switch or an absent value holds.
func isWord(text string) bool {
	switch strings.ToLower(text) {
	case "true", "false", "none", "null", "nil", "undefined", "optional", "required", "enabled", "disabled", "default", "empty", "unused", "auto", "unset", "noecho", "string":
		return true
	}
	return classifyName(text) != notSecret && isIdentifier(text) // "password", "DB_PASSWORD", "MySecret"
}

// isMixed reports whether text has digits among its letters, or letters of both
// cases in no order, and is no path, URL or chain of words, as machine-made secrets
// are and names are not.
func isMixed(text string) bool {
	if strings.Contains(text, "://") || text[0] == '/' || text[0] == '.' {
		return false
	}
	letters, digits, runs, changes := 0, 0, 0, 0
	before := byte(0)
	for i := range len(text) {
		class := classOf(text[i])
		if class != before {
			changes++
			if class == '0' {
				runs++
			}
		}
		switch before = class; class {
		case '0':
			digits++
		case 'a', 'A':
			letters++
		}
	}
	// A name carries its digits in one run at an end, as in prod-db-2, and changes its
	// case where a word begins.
	return letters > 0 && digits > 0 && (runs > 1 || digits*4 >= len(text)) || len(text) >= minRandom && changes*2 >= len(text)
}

const minRandom = 12 // bytes of a text whose changes of case tell

// classOf is 'a', 'A' or '0' for letters and digits of ASCII, and 0 for the rest.
func classOf(c byte) byte {
	switch {
	case c-'a' < 26:
		return 'a'
	case c-'A' < 26:
		return 'A'
	case c-'0' < 10:
		return '0'
	}
	return 0
}

func isIdentifier(text string) bool {
	for i := range len(text) {
		if !isIdentifierByte(text[i]) {
			return false
		}
	}
	return text != ""
}

func isIdentifierByte(c byte) bool {
	return c|0x20-'a' < 26 || c-'0' < 10 || c == '_' || c == '-' || c == '.'
}
