// Package git is the source that yields a repository's objects: all of them, those
// that a range of commits introduces, or those that the index would commit. It
// then says of each finding where it stood, since when, until when and which
// refs still reach it.
//
// Everything is read from the repository's own files, through package odb. No
// git program is run and no configuration value is ever executed.
//
//	Open -> Scan (all objects, or a range) -> Collector -> Attribute
//	Open -> Staged (index against HEAD)    -> Collector
//
// Terms are git's own, see gitglossary(7).
package git
