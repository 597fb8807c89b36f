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
//
// Where to look, in the order of that flow:
//
//   - What goes in and comes out: rule.go, match.go, finding.go, secret.go; engine.go
//     and reader.go scan a text whole and in chunks.
//   - From a rule to what is looked for: plan.go and literals.go, with what stands
//     beside a literal (profile.go, fence.go, run.go, inner.go, automaton.go, sides.go);
//     pack.go and unpack.go keep plans, compile.go and builder.go make the Engine.
//   - From a hit of the prefilter to a candidate: candidate.go, with trigger.go; by kind
//     of rule anchored.go, listed.go and keyword.go; boundary.go says where tokens and
//     names end.
//   - Text that need not be tried again: derive.go and sight.go where a text is known to
//     be made from another, repeat.go where it repeats itself, runmap.go and wanted.go
//     where it is full of literals.
//   - What is encoded in a text: decode.go, encoding.go, escapes.go, base64.go,
//     encoded_runs.go.
//   - From candidates to findings: resolve.go, collect.go, pair.go, weigh.go,
//     fingerprint.go; inline.go and suppression.go for what people accept.
//   - Why something is found, or is not: explain.go.
package scanner
