// Package scanner finds credentials in bytes. Rules go in, blobs go in, matches
// and findings come out; it knows no git, no files and no terminal.
//
// Data flows one way:
//
//	Blob -> prefilter -> candidate -> rule -> Match -> Collector -> Finding
//
// Compile turns rules into an Engine, which is immutable and safe for
// concurrent use. Each goroutine scans with a Scratch of its own and hands its
// matches to one Collector, which keeps one Finding a secret.
//
// A rule's verdict on a match depends only on a bounded window of bytes around
// it, never on the rest of the blob. Sources that know which bytes are new rely
// on that property.
package scanner
