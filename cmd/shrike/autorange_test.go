package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPipelineRanges(t *testing.T) {
	id := func(digit string) string { return strings.Repeat(digit, 40) }
	zero, old, base, head, merge, gone := id("0"), id("1"), id("2"), id("3"), id("4"), id("9")
	pullRequest := `{"pull_request":{"base":{"sha":"` + base + `"},"head":{"sha":"` + head + `"}}}`
	push := func(before, after string) string {
		return `{"before":"` + before + `","after":"` + after + `","forced":true}`
	}
	for _, tt := range []struct {
		name  string
		env   string // "NAME=value NAME=value"
		event string
		want  []string
		fails string
	}{
		{"push", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", push(old, head), []string{old + ".." + head}, ""},
		{"first push", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", push(zero, head), []string{zero + ".." + head}, ""},
		{"force push over a lost base", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", push(gone, head), []string{zero + ".." + head}, ""},
		{"force push over a known base", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", push(old, base), []string{old + ".." + base}, ""},
		{"deletion", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", `{"before":"` + old + `","after":"` + zero + `","deleted":true}`, []string{"HEAD..HEAD"}, ""},
		{"pull request", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request GITHUB_SHA=" + merge, pullRequest, []string{base + ".." + head, base + ".." + merge}, ""},
		{"pull request, head checked out", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request GITHUB_SHA=" + gone, pullRequest, []string{base + ".." + head}, ""},
		{"pull request's target", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request_target GITHUB_SHA=" + base, pullRequest, []string{base + ".." + head}, ""},
		{"pull request in a shallow clone", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=pull_request", strings.ReplaceAll(pullRequest, base, gone), nil, "fetch-depth: 0"},
		{"merge group", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=merge_group", `{"merge_group":{"base_sha":"` + base + `","head_sha":"` + head + `"}}`, []string{base + ".." + head}, ""},
		{"schedule", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=schedule", "", nil, ""},
		{"by hand", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=workflow_dispatch", "", nil, ""},
		{"an event that is no JSON", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", "nonsense", nil, "read the event"},
		{"an event without commits", "GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push", "{}", nil, "does not say which commits"},

		{"GitLab push", "GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_BEFORE_SHA=" + old + " CI_COMMIT_SHA=" + head, "", []string{old + ".." + head}, ""},
		{"GitLab first push", "GITLAB_CI=true CI_PIPELINE_SOURCE=push CI_COMMIT_BEFORE_SHA=" + zero + " CI_COMMIT_SHA=" + head, "", []string{zero + ".." + head}, ""},
		{"GitLab merge request", "GITLAB_CI=true CI_PIPELINE_SOURCE=merge_request_event CI_MERGE_REQUEST_DIFF_BASE_SHA=" + base + " CI_COMMIT_SHA=" + head, "", []string{base + ".." + head}, ""},
		{"GitLab schedule", "GITLAB_CI=true CI_PIPELINE_SOURCE=schedule CI_COMMIT_SHA=" + head, "", nil, ""},

		{"CodeBuild push", "CODEBUILD_BUILD_ID=p:1 CODEBUILD_WEBHOOK_EVENT=PUSH CODEBUILD_WEBHOOK_PREV_COMMIT=" + old + " CODEBUILD_RESOLVED_SOURCE_VERSION=" + head, "", []string{old + ".." + head}, ""},
		{"CodeBuild pull request", "CODEBUILD_BUILD_ID=p:1 CODEBUILD_WEBHOOK_EVENT=PULL_REQUEST_UPDATED CODEBUILD_WEBHOOK_BASE_REF=refs/heads/main CODEBUILD_RESOLVED_SOURCE_VERSION=" + head, "", []string{"origin/main.." + head}, ""},
		{"CodeBuild by hand", "CODEBUILD_BUILD_ID=p:1", "", nil, ""},

		{"no pipeline", "", "", nil, "give the range as A..B"},
	} {
		t.Run(tt.name, func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "event.json")
			require.NoError(t, os.WriteFile(file, []byte(tt.event), 0o600))
			env := map[string]string{"GITHUB_EVENT_PATH": file}
			for _, pair := range strings.Fields(tt.env) {
				name, value, _ := strings.Cut(pair, "=")
				env[name] = value
			}
			p := pipeline{
				env: func(name string) string { return env[name] },
				has: func(id string) bool { return id == old || id == base || id == head || id == merge },
			}
			got, why, err := p.ranges()
			if tt.fails != "" {
				require.ErrorContains(t, err, tt.fails)
				return
			}
			require.NoError(t, err)
			require.NotEmpty(t, why)
			require.Equal(t, tt.want, got)
		})
	}
}
