package classify

import "strings"

// Role is what a file is for, as its path says.
type Role uint8

// The roles.
const (
	Normal Role = iota
	Test
	Example
	Documentation
	Lock // of a package manager
	Vendored
	Minified
	Translation
)

var roleNames = [...]string{"normal", "test", "example", "documentation", "lock file", "vendored", "minified", "translation"}

func (r Role) String() string {
	if int(r) < len(roleNames) {
		return roleNames[r]
	}
	return ""
}

// Path says what the file at a slash-separated path is for. The file's own name
// weighs more than the folders above it, and the nearest folder more than the
// farthest.
func Path(path string) Role {
	dir, base := "", path
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		dir, base = path[:i], path[i+1:]
	}
	if r := baseRole(base); r != Normal {
		return r
	}
	for dir != "" {
		part := dir
		if i := strings.LastIndexByte(dir, '/'); i >= 0 {
			dir, part = dir[:i], dir[i+1:]
		} else {
			dir = ""
		}
		if r := folderRole(part); r != Normal && !(r == Translation && isProgram(base)) {
			return r
		}
	}
	return Normal
}

func baseRole(base string) Role {
	var buf [64]byte
	n := copy(buf[:], base)
	low := lowered(buf[:], []byte(base)[:n])
	switch string(low) {
	case "package-lock.json", "yarn.lock", "pnpm-lock.yaml", "composer.lock", "gemfile.lock", "cargo.lock", "poetry.lock",
		"go.sum", "pipfile.lock", "flake.lock", "packages.lock.json", "podfile.lock", "mix.lock", "npm-shrinkwrap.json", "uv.lock", "bun.lock":
		return Lock
	}
	name := string(low)
	stem, ext := name, ""
	if i := strings.LastIndexByte(name, '.'); i > 0 {
		stem, ext = name[:i], name[i+1:]
	}
	switch ext {
	case "md", "rst", "adoc", "asciidoc", "textile", "mdx", "org", "1", "3", "5", "8":
		return Documentation
	case "po", "pot", "mo", "xlf", "xliff", "arb", "strings", "resx":
		return Translation
	case "map":
		return Minified
	case "example", "sample", "dist", "template", "tmpl", "tpl":
		return Example
	}
	switch {
	case name == "strings.xml", strings.Contains(stem, "i18n") && (ext == "js" || ext == "json"), name == "messages.js", name == "messages.json", ext == "properties" && (stem == "messages" || strings.HasPrefix(stem, "messages_")):
		return Translation
	case strings.HasSuffix(stem, ".min"), strings.HasSuffix(stem, "-min"), strings.HasSuffix(stem, ".bundle"):
		return Minified
	case strings.HasSuffix(stem, "_test"), strings.HasSuffix(stem, ".test"), strings.HasSuffix(stem, ".spec"), strings.HasSuffix(stem, "_spec"),
		strings.HasPrefix(stem, "test_"), stem == "tests", stem == "test", stem == "conftest",
		hasCamelSuffix(base, "Test."), hasCamelSuffix(base, "Tests."), hasCamelSuffix(base, "Spec."):
		return Test
	case strings.HasPrefix(stem, "example"), strings.HasSuffix(stem, ".example"), strings.HasSuffix(stem, "-sample"), strings.HasSuffix(stem, ".sample"):
		return Example
	case strings.HasPrefix(stem, "readme"), strings.HasPrefix(stem, "changelog"), strings.HasPrefix(stem, "changes") && ext != "go":
		return Documentation
	}
	return Normal
}

// hasCamelSuffix reports whether the file's name without its extension ends so:
// LoginTest.java.
func hasCamelSuffix(base, suffix string) bool {
	i := strings.Index(base, suffix)
	return i > 0 && strings.IndexByte(base[i+len(suffix):], '.') < 0
}

// isProgram recognises files of languages that hold no messages: lang/parser.go.
func isProgram(base string) bool {
	switch base[strings.LastIndexByte(base, '.')+1:] {
	case "go", "java", "py", "c", "h", "cc", "cpp", "hpp", "rs", "cs", "kt", "scala", "sh", "swift", "sql", "tf":
		return true
	}
	return false
}

func folderRole(part string) Role {
	if strings.HasSuffix(part, ".lproj") {
		return Translation
	}
	switch part {
	case "test", "tests", "testing", "testdata", "__tests__", "spec", "specs", "fixtures", "fixture", "mocks", "mock", "__mocks__", "e2e",
		"Test", "Tests", "integration_test", "integration-tests", "cypress", "ReplayData", "__snapshots__", "unittests":
		return Test
	case "example", "examples", "sample", "samples", "demo", "demos", "tutorial", "tutorials", "Examples", "Samples":
		return Example
	case "doc", "docs", "documentation", "man", "Documentation", "guides":
		return Documentation
	case "vendor", "node_modules", "third_party", "third-party", "thirdparty", "3rdparty", "bower_components", "site-packages", "Pods", "external":
		return Vendored
	case "locale", "locales", "i18n", "l10n", "lang", "langs", "languages", "translations", "LC_MESSAGES", "nls":
		return Translation
	}
	return Normal
}
