package rules

import (
	"regexp"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Fragments are parts that many regexes share, written %{name}. They read what
// stands between the name of a service and a credential that nothing but its
// place tells from a hash or an identifier: hex digits, a UUID, letters and
// digits of a hash's length.
//
//	%{assigned}  a name, then an operator or the words of a key: `ACME_KEY=`,
//	             `"acme": {"token": "`, `acme.io -H "Authorization: Bearer `
//	%{keyed}     the same behind a word that is also an English one: the words of
//	             a key must belong to the same name: `linear_api_key: `
//	%{near}      any text, and a delimiter: for values that only a key looks like
//	%{open}      the delimiter alone, before the value of a context rule
//	%{end}       the value ends here
//	%{options}   other arguments of a command
//	%{password}  a password as an argument: the secret
//
// The check "assigned" belongs to them: it reads the text that they matched.
var fragments = strings.NewReplacer(
	"%{assigned}", `(?:[\w .:&*-]{0,30}?["'\x60\])}]{0,3}\s{0,8}`+operator+`\s{0,8}["'\x60(\[]{0,2}|`+pairOf+`|[ :]{0,2}\r?\n[ \t"'\x60]{0,8}|(?s:.{0,60}?)`+keyWord+`(?s:.{0,24}?)`+delimiter+`)`,
	"%{keyed}", `(?:=|,|["'\x60](?:,\s{0,3}|\)\s?\()["'\x60]|["'\x60\])]{0,3}\s{0,3}(?:=>|:=|[=:]|(?:(?:\.|::)\w{1,16})?\()\s{0,3}["'\x60]|(?:`+domain+`(?s:.{0,60}?)`+keyWord+
		`|(?:[\s_.:,|/'"=({\[\]-]{0,8}|:?(?:[ \t][a-z]{2,10}){1,2}[ \t]-{0,2}|</[\w.:-]{1,24}>\s{0,12}<)(?:(?:[\w-]{0,16}[_-]|[A-Z][a-z]{1,10})?`+keyWord+`|(?i:api|app|client|access|personal|dev|prod)))(?s:.{0,40}?)`+delimiter+`)`,
	"%{near}", `(?s:.{0,80}?)`+delimiter,
	"%{open}", delimiter,
	"%{options}", `(?:[^\n|;&\\]|\\\r?\n){0,200}?\s`,
	"%{password}", `["'\x60]?([^\s"'\x60$|;<>&(){}-][^\s"'\x60|;<>&(){}]{3,99})`,
	"%{end}", `(?:[^\w+/=.-]|\.(?:\W|$)|$)`,
)

const (
	operator  = `(?:=>|:=|->|==?|[:(,>|])`
	delimiter = `[\s"'\x60=:>(,\[{<|*]`
	domain    = `\.(?:com|io|app|co|net|org|ai|dev|cloud|xyz|test)\b`
	pairOf    = `[\w.: ]{0,20}?(?:[Cc]lient|API|Api|SDK|[Aa]uth)(?:\.new|::new)?\(\s{0,8}["'\x60][\w.@+/-]{4,34}["'\x60],\s{0,8}["'\x60]`
	keyWord   = `(?i:key|token|secret|pass|pwd|auth|bearer|basic|cred|login|\s-u)`
)

// expandFragments writes out the fragments of the rules' patterns.
func expandFragments(rules []scanner.Rule) {
	for i := range rules {
		rules[i].Named = named(rules[i].Regex)
		for _, pattern := range []*string{&rules[i].Regex, &rules[i].Value} {
			if strings.Contains(*pattern, "%{") {
				*pattern = fragments.Replace(*pattern)
			}
		}
	}
}

// named reports whether a regex reads what stands between a name and a value.
func named(regex string) bool {
	return strings.Contains(regex, "%{assigned}") || strings.Contains(regex, "%{keyed}") || strings.Contains(regex, "%{near}")
}

// unknownFragment returns a fragment that expandFragments left, or "".
func unknownFragment(pattern string) string {
	if !strings.Contains(pattern, "%{") {
		return ""
	}
	return regexp.MustCompile(`%\{[a-z]+\}`).FindString(pattern)
}
