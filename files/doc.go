// Package files scans files and directories as they are on disk, and standard
// input. It reads; it never writes, follows no link below a folder that is
// scanned, and opens nothing but regular files and directories.
//
// Folders are listed and files are read by a few workers that share one bounded
// stack of tasks (queue.go). Inside a git work tree .gitignore files hold, with two
// exceptions that worktree.go and names.go state: files that hold credentials are
// scanned although they are ignored, since that is where credentials are.
package files
