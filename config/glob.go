package config

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// globPattern translates a path glob into RE2, whose time to match is linear. A
// glob reads as a line of .gitignore does (gitignore(5)), without the negation:
//
//	*.pem         in any folder, for there is no other slash
//	/a.txt a/*.c  from the root on; * and ? stop at slashes
//	docs/         everything below a folder of this name, not a file
//	docs          such a file, and everything below such a folder
//	a/**/b        any number of folders between, none too
//	a/**          everything below a
//	[a-c] [!a-c]  one character; \ takes the next one of *?[]\!# as it is
//
// Paths are slash separated and relative; case counts.
func globPattern(glob string) (string, error) {
	if strings.HasPrefix(glob, "!") {
		return "", errors.New("a glob cannot be negated")
	}
	body, folder := strings.CutSuffix(glob, "/")
	rooted := strings.Contains(body, "/")
	segments := strings.Split(strings.TrimPrefix(body, "/"), "/")
	var b strings.Builder
	if !rooted {
		b.WriteString("(?:.*/)?")
	}
	for i, segment := range segments {
		last := i == len(segments)-1
		switch {
		case segment == "" || segment == "." || segment == "..":
			return "", fmt.Errorf("no path has the part %q", segment)
		case segment == "**" && last:
			b.WriteString(".+")
		case segment == "**":
			b.WriteString("(?:.*/)?")
		default:
			if err := segmentPattern(&b, segment); err != nil {
				return "", err
			}
			if !last {
				b.WriteByte('/')
			}
		}
	}
	if folder {
		b.WriteString("/.+")
	} else {
		b.WriteString("(?:/.*)?")
	}
	return b.String(), nil
}

// MatchPaths gives a function that reports whether a path matches any of the globs,
// which read as those of a configuration do. Safe for concurrent use.
func MatchPaths(globs []string) (func(path string) bool, error) {
	var patterns []string
	for _, glob := range globs {
		p, err := globPattern(glob)
		if err != nil {
			return nil, fmt.Errorf("glob %q: %w", glob, err)
		}
		patterns = append(patterns, p)
	}
	expr, err := regexp.Compile(anyGlob(patterns))
	if err != nil {
		return nil, fmt.Errorf("globs %q: %w", globs, err)
	}
	return expr.MatchString, nil
}

// anyGlob joins patterns of globPattern into one that accepts what any accepts.
func anyGlob(patterns []string) string {
	return `(?s)\A(?:` + strings.Join(patterns, "|") + `)\z`
}

// segmentPattern translates what stands between two slashes.
func segmentPattern(b *strings.Builder, glob string) error {
	for glob != "" {
		r, n := utf8.DecodeRuneInString(glob)
		glob = glob[n:]
		switch r {
		case '*':
			glob = strings.TrimLeft(glob, "*")
			b.WriteString("[^/]*")
		case '?':
			b.WriteString("[^/]")
		case '[':
			rest, err := classPattern(b, glob)
			if err != nil {
				return err
			}
			glob = rest
		case '\\':
			if glob == "" || !strings.ContainsRune(`*?[]\!#`, rune(glob[0])) {
				return errors.New(`a backslash must precede one of *?[]\!#; folders are separated by /`)
			}
			b.WriteString(regexp.QuoteMeta(glob[:1]))
			glob = glob[1:]
		default:
			b.WriteString(regexp.QuoteMeta(string(r)))
		}
	}
	return nil
}

// classPattern translates a bracket expression from after its '[' and returns
// what follows its ']'. A slash never matches; ']' stands for itself when first.
func classPattern(b *strings.Builder, glob string) (string, error) {
	negated := strings.HasPrefix(glob, "!") || strings.HasPrefix(glob, "^")
	if negated {
		glob = glob[1:]
	}
	end := strings.IndexByte(glob[min(1, len(glob)):], ']') + 1
	if end == 0 {
		return "", errors.New(`"[" without "]"; write "\[" for the character itself`)
	}
	members, rest := []rune(glob[:end]), glob[end+1:]
	b.WriteByte('[')
	if negated {
		b.WriteString("^/")
	}
	for len(members) > 0 {
		low, high := members[0], members[0]
		members = members[1:]
		if len(members) >= 2 && members[0] == '-' {
			high, members = members[1], members[2:]
		}
		if low > high || low == '/' && high == '/' {
			return "", errors.New("empty range in a bracket expression")
		}
		if low <= '/' && '/' <= high && !negated { // leave the slash out
			if low < '/' {
				fmt.Fprintf(b, `\x{%x}-\x{%x}`, low, '/'-1)
			}
			low = '/' + 1
		}
		if low <= high {
			fmt.Fprintf(b, `\x{%x}-\x{%x}`, low, high)
		}
	}
	b.WriteByte(']')
	return rest, nil
}
