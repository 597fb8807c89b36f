// Package report writes what a scan found: for people, for scripts and for code
// scanning services.
//
// Build turns findings into a Document, a plain tree of strings and numbers, and
// is the one place where a secret becomes text. The formats see Documents only,
// so none of them can show more than Build let through.
//
//	[]*scanner.Finding -> Build (redact, scrub, order) -> Document -> Reporter -> bytes
package report
