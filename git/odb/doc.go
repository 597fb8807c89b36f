// Package odb reads the objects of a git repository: packs, loose objects and
// alternates, of SHA-1 and SHA-256 repositories.
package odb
