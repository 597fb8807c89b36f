package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/git"
)

// auto asks --range to be what started the pipeline.
const auto = "auto"

// resolveAuto replaces "--range auto" by what the pipeline's variables say, and
// tells on standard error what that is. No range is left where the pipeline asks
// for the whole history.
func (f *narrowFlags) resolveAuto(s streams, path string) error {
	if !slices.Contains(f.ranges, auto) {
		return nil
	}
	if len(f.ranges) > 1 {
		return errors.New("--range auto goes with no other --range")
	}
	r, err := git.Open(path, gitOptions(s, path))
	if err != nil {
		return err
	}
	defer r.Close()
	p := pipeline{env: s.env, has: r.Has}
	ranges, why, err := p.ranges()
	if err != nil {
		return fmt.Errorf("--range auto: %w", err)
	}
	f.ranges = ranges
	what := strings.Join(ranges, " ")
	if what == "" {
		what = "the whole history"
	} else if tip, ok := strings.CutPrefix(what, strings.Repeat("00", r.HashSize)+".."); ok {
		what = "what no other branch of the remote has of " + tip
	}
	fmt.Fprintf(s.err, "shrike: %s: scanning %s\n", why, what)
	return nil
}

// pipeline works out which commits an event brings.
type pipeline struct {
	env func(string) string
	has func(id string) bool // is the object in the clone?
}

// ranges returns ranges of commits, none for the whole history, and the reason.
func (p pipeline) ranges() (ranges []string, why string, err error) {
	switch {
	case p.env("GITHUB_ACTIONS") == "true":
		return p.github()
	case p.env("GITLAB_CI") != "":
		return p.gitlab()
	case p.env("CODEBUILD_BUILD_ID") != "":
		return p.codebuild()
	}
	return nil, "", errors.New("this is neither GitHub Actions nor GitLab CI nor CodeBuild: give the range as A..B")
}

// event is what we read of the payload that GitHub writes to GITHUB_EVENT_PATH.
type event struct {
	Before      string `json:"before"`
	After       string `json:"after"`
	Deleted     bool   `json:"deleted"`
	PullRequest struct {
		Base struct{ SHA string } `json:"base"`
		Head struct{ SHA string } `json:"head"`
	} `json:"pull_request"`
	MergeGroup struct {
		BaseSHA string `json:"base_sha"`
		HeadSHA string `json:"head_sha"`
	} `json:"merge_group"`
}

func (p pipeline) github() ([]string, string, error) {
	name := p.env("GITHUB_EVENT_NAME")
	switch name {
	case "push", "pull_request", "pull_request_target", "merge_group":
	default: // schedule, workflow_dispatch ...: nothing is new, so all is looked at
		return nil, name, nil
	}
	text, err := os.ReadFile(p.env("GITHUB_EVENT_PATH"))
	if err != nil {
		return nil, "", fmt.Errorf("read the event: %w", err)
	}
	var e event
	if err := json.Unmarshal(text, &e); err != nil {
		return nil, "", fmt.Errorf("read the event: %w", err)
	}
	switch name {
	case "push":
		if e.Deleted {
			return []string{"HEAD..HEAD"}, "a branch was deleted", nil
		}
		return p.pushed(e.Before, e.After)
	case "merge_group":
		return p.proposed(name, e.MergeGroup.BaseSHA, e.MergeGroup.HeadSHA)
	}
	tips := []string{e.PullRequest.Head.SHA}
	// The merge that GitHub proposes may hold what neither side does.
	if merge := p.env("GITHUB_SHA"); name == "pull_request" && p.has(merge) {
		tips = append(tips, merge)
	}
	return p.proposed(name, e.PullRequest.Base.SHA, tips...)
}

func (p pipeline) gitlab() ([]string, string, error) {
	tip := p.env("CI_COMMIT_SHA")
	switch source := p.env("CI_PIPELINE_SOURCE"); source {
	case "merge_request_event":
		return p.proposed("merge request", p.env("CI_MERGE_REQUEST_DIFF_BASE_SHA"), tip)
	case "push":
		return p.pushed(p.env("CI_COMMIT_BEFORE_SHA"), tip)
	default:
		return nil, source, nil
	}
}

func (p pipeline) codebuild() ([]string, string, error) {
	tip := p.env("CODEBUILD_RESOLVED_SOURCE_VERSION")
	kind := p.env("CODEBUILD_WEBHOOK_EVENT")
	switch {
	case kind == "PUSH":
		return p.pushed(p.env("CODEBUILD_WEBHOOK_PREV_COMMIT"), tip)
	case strings.HasPrefix(kind, "PULL_REQUEST"):
		base, ok := strings.CutPrefix(p.env("CODEBUILD_WEBHOOK_BASE_REF"), "refs/heads/")
		if !ok {
			return nil, "", errors.New("CODEBUILD_WEBHOOK_BASE_REF names no branch")
		}
		return []string{"origin/" + base + ".." + tip}, "pull request", nil
	}
	return nil, "a build that no webhook started", nil
}

// pushed is what a push brings. A first push has no base, and a force push may have
// taken it away: then it is what no other branch of the remote has.
func (p pipeline) pushed(before, after string) ([]string, string, error) {
	if err := p.needs(after); err != nil {
		return nil, "", err
	}
	zero := zeroID(after)
	switch {
	case before == "" || before == zero:
		return []string{zero + ".." + after}, "first push of a branch", nil
	case !p.has(before):
		return []string{zero + ".." + after}, "push over " + before + ", which is not in this clone", nil
	}
	return []string{before + ".." + after}, "push", nil
}

// proposed is what a pull request or the like would bring.
func (p pipeline) proposed(why, base string, tips ...string) ([]string, string, error) {
	if err := p.needs(append(tips, base)...); err != nil {
		return nil, "", err
	}
	var ranges []string
	for _, tip := range tips {
		ranges = append(ranges, base+".."+tip)
	}
	return ranges, why, nil
}

func (p pipeline) needs(ids ...string) error {
	for _, id := range ids {
		if id == "" {
			return errors.New("the pipeline does not say which commits it is about")
		}
		if !p.has(id) {
			return fmt.Errorf("the commit %s is not in this clone: fetch the whole history (GitHub: fetch-depth: 0, GitLab: GIT_DEPTH: 0, CodeBuild: git-clone-depth 0)", id)
		}
	}
	return nil
}
