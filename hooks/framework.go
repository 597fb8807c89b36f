package hooks

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// FrameworkFile is the configuration of the pre-commit framework.
const FrameworkFile = ".pre-commit-config.yaml"

// ReadFramework gives the git hooks in which the configuration at root runs shrike,
// and what is wrong with its stages. Without a configuration exists is false.
func ReadFramework(root string) (stages, faults []string, exists bool, err error) {
	text, err := os.ReadFile(filepath.Join(root, FrameworkFile))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil, false, nil
	}
	if err != nil {
		return nil, nil, false, err
	}
	var c struct {
		Repos []struct {
			Hooks []struct {
				ID     string   `yaml:"id"`
				Entry  string   `yaml:"entry"`
				Stages []string `yaml:"stages"`
			} `yaml:"hooks"`
		} `yaml:"repos"`
	}
	if err := yaml.Unmarshal(text, &c); err != nil {
		return nil, nil, true, fmt.Errorf("read %s: %w", FrameworkFile, err)
	}
	for _, repo := range c.Repos {
		for _, h := range repo.Hooks {
			want := idStages(h.ID, h.Entry)
			if want == nil {
				continue
			}
			if len(h.Stages) == 0 {
				stages = append(stages, want...)
				continue
			}
			for _, stage := range h.Stages {
				name := gitName(stage)
				if !slices.Contains(want, name) {
					faults = append(faults, fmt.Sprintf("%s: hook %s has the stage %s; it belongs into %s", FrameworkFile, h.ID, stage, strings.Join(want, ", ")))
					continue
				}
				stages = append(stages, name)
			}
		}
	}
	slices.Sort(stages)
	return slices.Compact(stages), faults, true, nil
}

// idStages says in which git hooks a hook of .pre-commit-hooks.yaml, or one of the
// user's own that calls shrike, makes sense. Nil: it is none of ours.
func idStages(id, entry string) []string {
	if command, ok := strings.CutPrefix(entry, "shrike "); ok {
		command, _, _ = strings.Cut(command, " ")
		id = map[string]string{"staged": "shrike", "push": "shrike-push", "message": "shrike-message"}[command]
	}
	switch strings.TrimSuffix(strings.TrimSuffix(id, "-system"), "-docker") {
	case "shrike":
		return []string{"pre-commit", "pre-merge-commit"}
	case "shrike-push":
		return []string{"pre-push"}
	case "shrike-message":
		return []string{"commit-msg"}
	}
	return nil
}

// gitName turns a stage into the name of git's hook: before its version 3.2.0 the
// framework had names of its own.
func gitName(stage string) string {
	switch stage {
	case "commit", "push", "merge-commit":
		return "pre-" + stage
	}
	return stage
}
