package upload

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"strings"
)

// Target is what an analysis is about.
type Target struct {
	Repository string // "owner/name"
	Commit     string // full hex id
	Ref        string // full: "refs/heads/main", "refs/pull/1/merge", "refs/tags/v1"
}

// Or fills what t leaves open from other.
func (t Target) Or(other Target) Target {
	return Target{
		Repository: cmp.Or(t.Repository, other.Repository),
		Commit:     cmp.Or(t.Commit, other.Commit),
		Ref:        cmp.Or(t.Ref, other.Ref),
	}
}

// Validate says what is missing or cannot be.
func (t Target) Validate() error {
	name := func(s string) bool {
		return s != "" && s != "." && s != ".." && !strings.ContainsFunc(s, func(r rune) bool {
			return r >= 0x80 || !strings.ContainsRune("-._", r) && (r < '0' || r > '9') && (r|0x20 < 'a' || r|0x20 > 'z')
		})
	}
	owner, repository, _ := strings.Cut(t.Repository, "/")
	switch {
	case t.Repository == "":
		return errors.New("which repository? give --repository OWNER/NAME")
	case !name(owner) || !name(repository):
		return fmt.Errorf("the repository %q is not of the form OWNER/NAME", t.Repository)
	case t.Commit == "":
		return errors.New("which commit? give --commit ID")
	case !isID(t.Commit):
		return fmt.Errorf("the commit %q is no full id", t.Commit)
	case t.Ref == "":
		return errors.New("which branch? HEAD is on none: give --ref refs/heads/NAME")
	case !strings.HasPrefix(t.Ref, "refs/"):
		return fmt.Errorf("the ref %q is not full: give refs/heads/NAME, refs/tags/NAME or refs/pull/N/merge", t.Ref)
	}
	return nil
}

func (t Target) path() string { return "repos/" + t.Repository + "/code-scanning/sarifs" }

func isID(s string) bool {
	return (len(s) == 40 || len(s) == 64) && strings.Trim(s, "0123456789abcdefABCDEF") == ""
}

// FromEnvironment reads what the pipeline says: GitHub Actions' variables, else
// those of AWS CodeBuild. Members stay empty where it says nothing.
func FromEnvironment(env func(string) string) Target {
	if env("GITHUB_ACTIONS") == "true" {
		return Target{Repository: env("GITHUB_REPOSITORY"), Commit: env("GITHUB_SHA"), Ref: env("GITHUB_REF")}
	}
	if env("CODEBUILD_BUILD_ID") != "" {
		return Target{
			Repository: RepositoryOf(env("CODEBUILD_SOURCE_REPO_URL")),
			Commit:     env("CODEBUILD_RESOLVED_SOURCE_VERSION"),
			Ref:        codebuildRef(env("CODEBUILD_WEBHOOK_TRIGGER")),
		}
	}
	return Target{}
}

// codebuildRef turns what started a build, "branch/main", "tag/v1" or "pr/12",
// into the ref. For a pull request CodeBuild checks out its head.
func codebuildRef(trigger string) string {
	kind, name, _ := strings.Cut(trigger, "/")
	switch {
	case name == "":
		return ""
	case kind == "branch":
		return "refs/heads/" + name
	case kind == "tag":
		return "refs/tags/" + name
	case kind == "pr":
		return "refs/pull/" + name + "/head"
	}
	return ""
}

// RepositoryOf takes OWNER/NAME out of the address that a repository is cloned
// from: https://HOST/OWNER/NAME.git, ssh://git@HOST/OWNER/NAME, git@HOST:OWNER/NAME.
// It is empty where the address has another form.
func RepositoryOf(address string) string {
	path := ""
	if u, err := url.Parse(address); err == nil && u.Host != "" {
		path = u.Path
	} else if host, rest, ok := strings.Cut(address, ":"); ok && !strings.Contains(host, "/") {
		path = rest
	}
	path = strings.TrimSuffix(strings.Trim(path, "/"), ".git")
	if strings.Count(path, "/") != 1 {
		return ""
	}
	return path
}
