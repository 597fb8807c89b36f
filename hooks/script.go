package hooks

import (
	"fmt"
	"strings"
)

const (
	mark      = "# shrike hook, version 1. `shrike install` wrote it and `shrike uninstall` removes it.\n"
	programAt = "\nshrike="
	passOn    = "before=$(git rev-parse --git-common-dir)/hooks/"
)

// arguments is what a hook calls shrike with.
func arguments(name string) string {
	switch name {
	case "commit-msg":
		return `message --quiet "$1"`
	case "pre-push":
		return `push --quiet "$@"`
	case "pre-receive":
		return "receive --quiet"
	}
	return "staged --quiet"
}

// readsLines reports whether git writes to the hook's standard input.
func readsLines(name string) bool { return name == "pre-push" || name == "pre-receive" }

// script is a hook's text. The hook that was there before runs first, so that what
// it changes is judged too; both get the arguments and the standard input. Without
// its program the hook blocks: a guard that is gone must be missed.
//
// The program's own path comes before the PATH: a graphical client has another one.
func script(name, program string, global bool) string {
	before := `before=$0` + aside
	if global {
		before = passOn + name
	}
	head := fmt.Sprintf(`#!/bin/sh
%s# What was here before runs first.%s%s
[ -x "$shrike" ] || shrike=$(command -v shrike) || {
	echo "blocked: shrike is neither where it was installed nor on the PATH; install it, or remove the hook $0" >&2
	exit 1
}
%s
`, mark, programAt, shellQuote(program), before)
	if !readsLines(name) {
		return head + fmt.Sprintf("[ ! -x \"$before\" ] || \"$before\" \"$@\" || exit\nexec \"$shrike\" %s\n", arguments(name))
	}
	return head + fmt.Sprintf(`[ -x "$before" ] || exec "$shrike" %[1]s
lines=$(cat)
given() { [ -z "$lines" ] || printf '%%s\n' "$lines"; }
given | "$before" "$@" || exit
given | "$shrike" %[1]s
`, arguments(name))
}

// passScript stands in a folder for all repositories and calls a repository's own
// hook of the same name.
func passScript(name string) string {
	return "#!/bin/sh\n" + mark + "# It calls the repository's own hook, which git looks for no more.\n" +
		passOn + name + "\n[ ! -x \"$before\" ] || exec \"$before\" \"$@\"\n"
}

// isOurs reports whether text is a script of this package, whatever was done to it.
func isOurs(text string) bool { return strings.HasPrefix(text, "#!/bin/sh\n"+mark) }

// programOf reads the path of the program out of a script of this package.
func programOf(text string) string {
	_, rest, _ := strings.Cut(text, programAt+"'")
	quoted, _, _ := strings.Cut(rest, "'\n")
	return strings.ReplaceAll(quoted, `'\''`, "'")
}

// isIntact reports whether text is exactly what this version writes.
func isIntact(name, text string) bool {
	program := programOf(text)
	return text == script(name, program, false) || text == script(name, program, true)
}

// A block is what a script that others keep gets. It names the program without its
// path, for such scripts are shared. It stands first, so that no `exit` of the
// script skips it, and hands on what it reads from standard input.
const (
	blockStart = "# >>> shrike install >>>\n"
	blockMade  = "# The file was made for this block.\n"
	blockEnd   = "# <<< shrike install <<<\n"
)

func block(name string, made bool) string {
	text := blockStart
	if made {
		text += blockMade
	}
	if readsLines(name) {
		text += fmt.Sprintf("lines=$(cat)\nshrike %s <<END || exit\n$lines\nEND\nexec <<END\n$lines\nEND\n", arguments(name))
	} else {
		text += fmt.Sprintf("shrike %s || exit\n", arguments(name))
	}
	return text + blockEnd
}

// withBlock inserts the block behind the line that names the interpreter.
func withBlock(name, text string) string {
	first := 0
	if strings.HasPrefix(text, "#!") {
		first = strings.IndexByte(text, '\n') + 1
		if first == 0 {
			text += "\n"
			first = len(text)
		}
	}
	return text[:first] + block(name, false) + text[first:]
}

// withoutBlock takes the block out again. Made says that nothing else was there.
func withoutBlock(text string) (rest string, found, made bool) {
	before, after, found := strings.Cut(text, blockStart)
	if !found {
		return text, false, false
	}
	inside, after, closed := strings.Cut(after, blockEnd)
	if !closed {
		return text, false, false
	}
	rest = before + after
	return rest, true, strings.HasPrefix(inside, blockMade) && strings.TrimSpace(rest) == "#!/bin/sh"
}

// isShell reports whether a script is one that a block can be put into.
func isShell(text string) bool {
	first, _, _ := strings.Cut(text, "\n")
	interpreter, named := strings.CutPrefix(first, "#!")
	if !named {
		return true // what calls it, such as husky, does so by sh
	}
	words := strings.Fields(interpreter)
	if len(words) == 0 {
		return false
	}
	last := words[len(words)-1]
	if strings.HasPrefix(last, "-") && len(words) > 1 {
		last = words[len(words)-2]
	}
	switch last[strings.LastIndexByte(last, '/')+1:] {
	case "sh", "bash", "dash", "zsh", "ksh":
		return true
	}
	return false
}
