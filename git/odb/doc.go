// Package odb reads the objects of a git repository: packs, loose objects and
// alternates, of SHA-1 and SHA-256 repositories. It runs no git and writes
// nothing.
//
// There are two ways to read. Read fetches one object by id, with a multi-pack
// index where there is one, through a small cache of delta bases. Walk visits
// every object once, and is several times as fast an object:
//
//  1. The entries of all packs are sorted by offset, or taken in the order of a
//     reverse index, and their heads say what each is a delta against. That links
//     them into delta trees (see forest).
//  2. Workers take trees, and split large ones. A worker goes down a tree depth
//     first (see frame), so that a base is still expanded when its deltas come:
//     each entry is inflated once and each delta applied once, whatever the depth
//     of the chains.
//  3. Loose objects that no pack holds come last.
//
// When a worker enters a delta it holds the base, the target and the delta's
// ops at the same time, and enters a tree's entries strictly after their bases:
// what a scan of only the inserted bytes needs.
//
// Repositories are hostile. Sizes are believed only as far as the bytes behind
// them can bear out, offsets are checked before use, chains and trees are walked
// without recursion, and every fault is reported with its place and passed over.
package odb
