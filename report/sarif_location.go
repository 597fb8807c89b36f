package report

import (
	"cmp"
	"fmt"
	"strings"

	"github.com/owenrumney/go-sarif/v2/sarif"
)

// sarifLocation names a place. One without a path (a commit's message, a blob that
// no tree names) gets a relative URI under "git/", for GitHub shows no result
// without one; a description and a logical location say what it stands for.
func sarifLocation(o *Occurrence) *sarif.Location {
	artifact := sarif.NewArtifactLocation()
	at := sarif.NewLocationWithPhysicalLocation(
		sarif.NewPhysicalLocation().WithArtifactLocation(artifact).WithRegion(sarifRegion(o)))
	switch {
	case strings.HasPrefix(o.Path, "/"):
		artifact.WithUri("file://" + escapePath(o.Path))
	case o.Path != "":
		artifact.WithUri(escapePath(o.Path)).WithUriBaseId(sarifRoot)
	default:
		kind, id := gitObject(o)
		what := pathless(o)
		artifact.WithUri(escapePath(strings.TrimSuffix("git/"+kind+"/"+id, "/"))).
			WithDescription(sarif.NewTextMessage("No file: " + sarifText(what) + "."))
		logical := sarif.NewLogicalLocation().WithName(sarifText(what)).WithKind(kind)
		if id != "" {
			logical.WithFullyQualifiedName(kind + " " + id)
		}
		at.LogicalLocations = []*sarif.LogicalLocation{logical}
	}
	if o.Commit != nil && o.Commit.ID != "" {
		at.Properties = sarif.Properties{"commit": o.Commit.ID}
	}
	return at
}

// gitObject names the object whose text holds the place; id may be empty.
func gitObject(o *Occurrence) (kind, id string) {
	commit := ""
	if o.Commit != nil {
		commit = o.Commit.ID
	}
	switch o.Where {
	case "stdin":
		return "stdin", ""
	case "commit-message":
		return "commit", cmp.Or(commit, o.Object)
	case "identity":
		if commit != "" {
			return "commit", commit
		}
		return "object", o.Object
	case "tag-message":
		return "tag", o.Object
	}
	return "blob", o.Object
}

// sarifRegion gives all four fields, which GitHub wants, and makes a region of at
// least one column of what is unknown.
func sarifRegion(o *Occurrence) *sarif.Region {
	line, column := max(o.StartLine, 1), max(o.StartColumn, 1)
	endLine, endColumn := max(o.EndLine, line), max(o.EndColumn, 1)
	if endLine == line {
		endColumn = max(endColumn, column+1)
	}
	return sarif.NewRegion().
		WithStartLine(line).WithStartColumn(column).
		WithEndLine(endLine).WithEndColumn(endColumn)
}

// escapePath percent-encodes every byte that RFC 3986 does not call unreserved,
// slashes apart. A colon in the first segment would read as a scheme.
func escapePath(path string) string {
	var b strings.Builder
	for i := range len(path) {
		switch c := path[i]; {
		case isWordByte(c) && c < 0x80, strings.IndexByte("-._~/", c) >= 0:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, "%%%02X", c)
		}
	}
	return b.String()
}
