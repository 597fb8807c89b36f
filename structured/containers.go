package structured

import (
	"fmt"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleContainer = "container-environment-secret"

// Containers returns the extractor of the environments of ECS task definitions
// and CodeBuild projects in JSON, as their APIs give and take them: lists of
// name and value in any order. Stateless; safe for concurrent use.
func Containers() scanner.Extractor { return containers{} }

type containers struct{}

func (containers) Triggers() []string {
	return []string{`"containerDefinitions"`, `"environmentVariables"`, `"containerOverrides"`}
}

func (containers) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleContainer, Service: "AWS", Kind: "environment variable of a container or build",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "A credential of the program that runs with this environment; the console and the API show it too.",
		Revoke: "Change the credential, and refer to a secret store instead.",
	}}
}

func (containers) Extract(text []byte) []scanner.Extract {
	r := reading{text: text, seen: map[int]bool{}}
	for _, document := range parse(text) {
		r.environments(nil, document)
	}
	return r.found
}

// environments looks for pairs of name and value in the lists that hold
// variables.
func (r *reading) environments(path []string, v *value) {
	for i, item := range v.items {
		r.environments(append(path, fmt.Sprintf("[%d]", i)), item)
	}
	for _, m := range v.members {
		below := append(path, m.key)
		resource := ""
		switch m.key {
		case "environment":
			resource = "AWS::ECS::TaskDefinition"
		case "environmentVariables":
			resource = "AWS::CodeBuild::Project"
		}
		if resource != "" && m.value.kind == list {
			for i, pair := range m.value.items {
				r.variable(append(below, fmt.Sprintf("[%d]", i)), resource, pair)
			}
			continue
		}
		r.environments(below, m.value)
	}
}

func (r *reading) variable(path []string, resource string, pair *value) {
	kind, v := pair.get("type").string(), pair.get("value")
	if kind != "" && kind != "PLAINTEXT" || v == nil {
		return
	}
	if isPlausible(classifyName(pair.get("name").string()), v.string()) {
		r.report(ruleContainer, pathOf(append(path, "value")), remedy(resource), v.text, v)
	}
}
