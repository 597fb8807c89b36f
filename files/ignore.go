package files

import (
	"bytes"
	"strings"
)

// maxIgnoreFile bounds how much of an ignore file is obeyed, in bytes. A larger
// one is dropped whole: its folder is then scanned rather than skipped.
const maxIgnoreFile = 1 << 20

// An ignoreRule is one line of a .gitignore file, read as git's dir.c reads it.
// Matching costs at most len(pattern) * len(path) steps, whatever the pattern.
type ignoreRule struct {
	negated  bool   // "!x": takes a path out again
	dirOnly  bool   // "x/": holds for directories alone
	basename bool   // no slash inside: compared with a path's last element
	literal  string // bytes before the first special one; compared first
	suffix   bool   // "*x" with x literal: literal holds x
	rest     glob   // what follows literal; nil when nothing does
	minimum  int    // least length of a text that rest can match
}

// parseIgnore reads the lines of an ignore file. Rules that can never match are
// left out.
func parseIgnore(text []byte) []ignoreRule {
	if len(text) > maxIgnoreFile {
		return nil
	}
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	var rules []ignoreRule
	for line := range bytes.SplitSeq(text, []byte("\n")) {
		line = bytes.TrimSuffix(line, []byte("\r"))
		line, _, _ = bytes.Cut(line, []byte{0})
		if rule, ok := parseIgnoreLine(string(line)); ok {
			rules = append(rules, rule)
		}
	}
	return rules
}

func parseIgnoreLine(line string) (r ignoreRule, ok bool) {
	if strings.HasPrefix(line, "#") {
		return r, false
	}
	line = trimTrailingSpaces(line)
	line, r.negated = strings.CutPrefix(line, "!")
	line, r.dirOnly = strings.CutSuffix(line, "/")
	if line == "" {
		return r, false
	}
	r.basename = !strings.Contains(line, "/")
	line = strings.TrimPrefix(line, "/")

	const special = `*?[\`
	if r.basename && line[0] == '*' && !strings.ContainsAny(line[1:], special) {
		r.suffix, r.literal = true, line[1:]
		return r, true
	}
	// git compares the bytes before the first special one on their own, so that
	// "a**" is "a" followed by a free-standing "**". Cutting here keeps that.
	if i := strings.IndexAny(line, special); i >= 0 {
		r.rest, ok = compileGlob(line[i:])
		r.minimum = r.rest.minimum()
		line = line[:i]
		if !ok {
			return r, false
		}
	}
	r.literal = line
	return r, true
}

// trimTrailingSpaces drops spaces at the line's end, save one behind a backslash.
func trimTrailingSpaces(line string) string {
	end := len(line)
	for end > 0 && line[end-1] == ' ' {
		end--
	}
	slashes := 0
	for slashes < end && line[end-1-slashes] == '\\' {
		slashes++
	}
	if slashes%2 == 1 && end < len(line) {
		end++
	}
	return line[:end]
}

// match reports whether the rule names the path, which is relative to the
// folder of the ignore file; name is the path's last element.
func (r *ignoreRule) match(path, name string, dir bool, m *globMatcher) bool {
	if r.dirOnly && !dir {
		return false
	}
	text := path
	if r.basename {
		text = name
	}
	if r.suffix {
		return strings.HasSuffix(text, r.literal)
	}
	text, ok := strings.CutPrefix(text, r.literal)
	if !ok {
		return false
	}
	if r.rest == nil {
		return text == ""
	}
	return len(text) >= r.minimum && m.match(r.rest, text)
}

// An ignoreList holds the rules of one ignore file and those of the folders
// above it, up to the work tree's root. Immutable; safe for concurrent use.
type ignoreList struct {
	base   string // the file's folder, relative to the work tree: "" or "a/b/"
	rules  []ignoreRule
	parent *ignoreList // asked when no rule here names the path
}

// ignored reports whether a path is ignored by a rule of its own: the caller
// stops at ignored folders, as nothing below one can be taken out again. The path is
// slash separated and relative to the work tree. A nil list ignores nothing.
func (l *ignoreList) ignored(path string, dir bool, m *globMatcher) bool {
	name := path[strings.LastIndexByte(path, '/')+1:]
	for ; l != nil; l = l.parent {
		below := path[len(l.base):]
		for i := len(l.rules) - 1; i >= 0; i-- {
			if rule := &l.rules[i]; rule.match(below, name, dir, m) {
				return !rule.negated
			}
		}
	}
	return false
}
