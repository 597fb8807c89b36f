package structured

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// The rules of this format.
const (
	ruleContainer = "container-environment-secret"
	ruleWorkflow  = "workflow-secret"
	ruleChart     = "helm-value-secret"
)

// What to write instead of a literal.
const (
	useComposeSecret  = "a file below secrets:, or ${NAME} with the value from outside"
	useSecretKeyRef   = "valueFrom: {secretKeyRef: {name: SECRET, key: KEY}}"
	useWorkflowSecret = "${{ secrets.NAME }}"
	useMaskedVariable = "a masked variable or secret of the CI server"
	useBuildStore     = "env: secrets-manager: {NAME: SECRET-ID:KEY}"
	useServerless     = "${ssm:/PATH/NAME}, or the secret's ARN and a look-up at run time"
	useExistingSecret = "the name of an existing Secret, or a value given at install time"
)

// Deployments returns the extractor of files that say how programs run: compose
// files, Kubernetes manifests, values of Helm charts, workflows of GitHub, GitLab,
// CircleCI and Azure, build specs of CodeBuild, serverless.yml, and task
// definitions as the APIs of ECS, Lambda and CodeBuild give and take them.
// Stateless; safe for concurrent use.
func Deployments() scanner.Extractor { return deployments{} }

type deployments struct{}

func (deployments) Triggers() []string {
	return []string{
		`"containerDefinitions"`, `"environmentVariables"`, `"containerOverrides"`, `"Environment": {"`, `"Environment":{"`, // APIs of AWS
		"\nservices:", "    environment:", // compose
		" containers:", `"containers"`, "kind: ConfigMap", // Kubernetes
		"\njobs:", "\nvariables:", "\n  script:", "\nphases:", "\nsteps:", // workflows
		"\nfunctions:",                                                                                                  // serverless
		"replicaCount", "existingSecret", "imagePullSecrets", "fullnameOverride", "\nauth:", "\n  auth:", "HelmRelease", // charts
	}
}

func (deployments) Rules() []scanner.Rule {
	rule := func(id, service, kind, gives string) scanner.Rule {
		return scanner.Rule{
			ID: id, Service: service, Kind: kind, Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium, Gives: gives,
			Revoke: "Change the credential where it is used, then write the safe form in place of it.",
		}
	}
	return []scanner.Rule{
		rule(ruleContainer, "Containers", "environment variable or setting of a container",
			"A credential of the program that runs with this environment; whoever may describe it sees it too."),
		rule(ruleWorkflow, "CI workflow", "secret in a workflow",
			"A credential of the builds, to everyone who can read the workflow."),
		rule(ruleChart, "Helm", "value of a chart",
			"A credential of the programs that the chart installs."),
	}
}

// Extract reads the documents of text. A parser is slow: it runs only where some
// line could hold a secret.
func (deployments) Extract(text []byte) []scanner.Extract {
	if !startsMapping(text) || !namesSecret(text) {
		return nil
	}
	r := reading{text: text, seen: map[int]bool{}}
	for _, document := range parse(text) {
		if in, ok := deploymentOf(document); ok {
			r.settings(in, nil, document)
		}
	}
	return r.found
}

// startsMapping reports whether text begins as a mapping or a list in YAML or JSON
// does, which no program does.
func startsMapping(text []byte) bool {
	for line := range bytes.Lines(text) {
		line = bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\xef\xbb\xbf")))
		switch {
		case len(line) == 0, line[0] == '#', line[0] == '%':
			continue
		case line[0] == '{' || line[0] == '[':
			return true
		case bytes.HasPrefix(line, []byte("---")), bytes.HasPrefix(line, []byte("- ")):
			return true
		}
		key, rest, ok := bytes.Cut(line, []byte(":"))
		return ok && (len(rest) == 0 || rest[0] == ' ') && !bytes.ContainsAny(key, " (){};=")
	}
	return false
}

// deployment says what kind of file is read.
type deployment struct {
	rule, instead string
	entries       nameClass // of an object's members whose names promise nothing
}

// deploymentOf tells what a document is by its keys.
func deploymentOf(d *value) (deployment, bool) {
	has := func(keys ...string) bool {
		for _, key := range keys {
			if d.get(key) == nil {
				return false
			}
		}
		return true
	}
	switch {
	case has("apiVersion", "kind"):
		if kind := d.get("kind").string(); kind == "Secret" || strings.HasSuffix(kind, "SealedSecret") {
			return deployment{}, false
		}
		return deployment{rule: ruleContainer, instead: useSecretKeyRef}, true
	case has("Resources"): // CloudFormation's
		return deployment{}, false
	case has("jobs", "on"), has("runs", "inputs"):
		return deployment{rule: ruleWorkflow, instead: useWorkflowSecret}, true
	case has("version", "phases"):
		return deployment{rule: ruleWorkflow, instead: useBuildStore}, true
	case has("jobs"), has("stages"), has("steps"), has("pool"), has("trigger"), hasScript(d):
		return deployment{rule: ruleWorkflow, instead: useMaskedVariable}, true
	case has("service", "provider"):
		return deployment{rule: ruleContainer, instead: useServerless}, true
	case d.get("services") != nil && d.get("services").kind == object: // nsswitch.conf lists some
		return deployment{rule: ruleContainer, instead: useComposeSecret}, true
	case has("containerDefinitions"), has("taskDefinition"), has("containerOverrides"):
		return deployment{rule: ruleContainer, instead: useTaskSecrets}, true
	case has("environmentVariables"), has("environment"), has("projects"):
		return deployment{rule: ruleContainer, instead: useBuildSecrets}, true
	case has("Environment"), has("Configuration"), has("Functions"):
		return deployment{rule: ruleContainer, instead: useRunTime}, true
	case isChart(d):
		return deployment{rule: ruleChart, instead: useExistingSecret}, true
	}
	return deployment{}, false
}

// hasScript reports whether a document has a job of GitLab's.
func hasScript(d *value) bool {
	for _, m := range members(d) {
		if m.value.get("script") != nil {
			return true
		}
	}
	return false
}

// isChart reports whether a document holds the values of a chart, which say
// nothing of themselves: by what most charts can be told.
func isChart(d *value) bool {
	for _, m := range members(d) {
		switch m.key {
		case "replicaCount", "imagePullSecrets", "fullnameOverride", "nameOverride", "serviceAccount", "auth", "existingSecret", "podAnnotations":
			return true
		case "image":
			if m.value.get("repository") != nil || m.value.get("tag") != nil {
				return true
			}
		}
		if m.value.get("auth") != nil || m.value.get("existingSecret") != nil || m.value.get("image").get("repository") != nil {
			return true
		}
	}
	return false
}

// settings looks at every setting below v.
func (r *reading) settings(in deployment, path []string, v *value) {
	switch v.kind {
	case list:
		for i, item := range v.items {
			below := append(path, fmt.Sprintf("[%d]", i))
			if item.kind != scalar {
				r.settings(in, below, item)
				continue
			}
			r.line(in, below, item)
			if i > 0 && strings.HasPrefix(v.items[i-1].string(), "--") && !strings.HasPrefix(item.string(), "--") { // --password, v
				r.setting(in, below, classifyName(v.items[i-1].string()), item)
			}
		}
	case object:
		if v.get("apiVersion") != nil && v.get("kind").string() == "Secret" { // in a list of manifests
			return
		}
		r.variable(in, path, v)
		for _, m := range v.members {
			if refersTo(m.key) {
				continue
			}
			below, class := append(path, m.key), classifyName(m.key)
			if class == notSecret {
				class = in.entries
			}
			r.setting(in, below, class, m.value)
			if v := m.value.get("value"); v != nil { // of a variable with a description
				r.setting(in, append(below, "value"), class, v)
			}
			inside := in
			inside.entries = entriesOf(m)
			r.settings(inside, below, m.value)
		}
	}
}

// refersTo recognises keys below which stand the names of secrets and of their
// keys, and no values.
func refersTo(key string) bool {
	switch key {
	case "valueFrom", "secretKeyRef", "secretRef", "envFrom", "imagePullSecrets", "secretName", "existingSecret", "volumes", "volumeMounts",
		"parameter-store", "secrets-manager", "outputs", "inputs", "cache", "labels", "annotations", "on", "permissions":
		return true
	}
	return false
}

// entriesOf is what the name of a collection promises of members whose own names
// promise nothing. In compose files and workflows `secrets` says where they are.
func entriesOf(m member) nameClass {
	if !slices.Contains(collections, m.key) {
		return notSecret
	}
	if m.key == "secrets" {
		for _, entry := range m.value.members {
			if entry.value.kind != scalar {
				return notSecret
			}
		}
	}
	return secretName
}

var collections = []string{
	"secretEnv", "secretEnvs", "extraSecretEnv", "secretEnvVars", "envSecrets", "secretVars", "stringData", "apiKeys", "credentials", "passwords", "secrets",
}

// setting judges the value of a name.
func (r *reading) setting(in deployment, path []string, class nameClass, v *value) {
	if v.kind != scalar || !v.str || class == notSecret {
		return
	}
	if text := fallback(v.text); isPlausible(class, text) {
		r.report(in.rule, pathOf(path), in.instead, text, v)
	}
}

// fallback returns what stands for a variable that is not set: the v of
// ${NAME:-v} in compose files, of ${{ secrets.NAME || 'v' }} in workflows.
func fallback(text string) string {
	inner, isVariable := strings.CutPrefix(text, "${")
	inner, isClosed := strings.CutSuffix(inner, "}")
	if !isVariable || !isClosed {
		return text
	}
	if expression, ok := strings.CutPrefix(inner, "{"); ok {
		_, literal, _ := strings.Cut(expression, "|| '")
		literal, _, _ = strings.Cut(literal, "'")
		return literal
	}
	if _, literal, ok := strings.Cut(inner, ":-"); ok {
		return literal
	}
	_, literal, _ := strings.Cut(inner, "-")
	return literal
}

// variable judges a pair of name and value.
func (r *reading) variable(in deployment, path []string, pair *value) {
	switch pair.get("type").string() {
	case "SECRETS_MANAGER", "PARAMETER_STORE":
		return
	}
	for _, keys := range [...][2]string{{"name", "value"}, {"key", "value"}} {
		if v := pair.get(keys[1]); v != nil {
			r.setting(in, append(path, keys[1]), classifyName(pair.get(keys[0]).string()), v)
		}
	}
}

// line judges an item of a list, which may be NAME=value or an option of a command.
func (r *reading) line(in deployment, path []string, v *value) {
	name, text, ok := strings.Cut(v.text, "=")
	if !ok || !isIdentifier(name) {
		return
	}
	if text = fallback(strings.Trim(text, `"'`)); isPlausible(classifyName(name), text) {
		r.report(in.rule, pathOf(path), in.instead, text, v)
	}
}
