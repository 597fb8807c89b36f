package git

import (
	"fmt"
	"strings"
)

// NotRepositoryError says that no repository was found.
type NotRepositoryError struct{ Path string }

func (e *NotRepositoryError) Error() string {
	return fmt.Sprintf("no git repository at %s or above it; use `shrike dir %s` to scan plain files", e.Path, e.Path)
}

// MissingPathError says that the path to open does not exist.
type MissingPathError struct{ Path string }

func (e *MissingPathError) Error() string {
	return fmt.Sprintf("%s does not exist; give the path of a repository or of a folder in it", e.Path)
}

// BrokenLinkError says that a .git file leads to no repository, as after a
// main repository was moved away from its linked worktree or submodule.
type BrokenLinkError struct{ File, Target string }

func (e *BrokenLinkError) Error() string {
	return fmt.Sprintf("%s leads to %s, which is no git repository; `git worktree repair` or `git submodule update` mends it", e.File, e.Target)
}

// UnknownRevisionError says that a name stands for no commit here.
type UnknownRevisionError struct {
	Revision string
	Reason   string   // further detail, may be empty
	Close    []string // names that exist and look alike, best first
}

func (e *UnknownRevisionError) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "unknown revision %q", e.Revision)
	if e.Reason != "" {
		b.WriteString(": " + e.Reason)
	}
	if len(e.Close) > 0 {
		b.WriteString("; did you mean " + strings.Join(e.Close, ", ") + "?")
	}
	return b.String()
}
