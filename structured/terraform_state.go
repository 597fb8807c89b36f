package structured

import (
	"fmt"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleTerraformState = "terraform-state-secret"

const useRemoteState = "an encrypted remote backend for the state, and ephemeral or write-only arguments for the secret"

// TerraformState returns the extractor of Terraform's and OpenTofu's state, and
// of plans in JSON (formats: "State Snapshot" version 3 and 4, "JSON Output
// Format"). It reports what the provider or the author marks as sensitive,
// and what its name gives away. Stateless; safe for concurrent use.
func TerraformState() scanner.Extractor { return terraformState{} }

type terraformState struct{}

func (terraformState) Triggers() []string {
	return []string{`"terraform_version"`, `"sensitive_attributes"`, `"planned_values"`, `"sensitive_values"`}
}

func (terraformState) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleTerraformState, Service: "Terraform", Kind: "sensitive value in a state or plan",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "The credential of the resource that Terraform manages: states and plans hold them in the clear.",
		Revoke: "Change the credential, keep the state in an encrypted backend, and remove this file from the history.",
	}}
}

func (terraformState) Extract(text []byte) []scanner.Extract {
	v, err := parseBoundedJSON(text)
	if err != nil || v.kind != object {
		return nil
	}
	r := reading{text: text, seen: map[int]bool{}}
	r.state(nil, v)
	return r.found
}

// maxLookups bounds the comparisons of names for one object's marks: real ones
// need some thousands.
const maxLookups = 1 << 20

// generated returns the attributes that hold the secret of a resource whose whole
// purpose it is to make one, and that providers do not mark in old states.
func generated(resource string) []string {
	switch resource {
	case "random_password":
		return []string{"result"}
	case "aws_iam_access_key":
		return []string{"secret", "ses_smtp_password_v4"}
	}
	return nil
}

// state walks a state or a plan. What is sensitive stands beside the values: true
// for a value, or a tree of the values' own shape.
func (r *reading) state(path []string, v *value) {
	switch v.kind {
	case list:
		for i, item := range v.items {
			r.state(append(path, fmt.Sprintf("[%d]", i)), item)
		}
	case object:
		for _, pair := range [...][2]string{{"after", "after_sensitive"}, {"before", "before_sensitive"}, {"values", "sensitive_values"}, {"value", "sensitive"}} {
			if marks := v.get(pair[1]); marks != nil {
				r.marked(append(path, pair[0]), v.get(pair[0]), marks)
			}
		}
		r.attributes(path, v)
		names := generated(v.get("type").string())
		for _, m := range v.members {
			below := append(path, m.key)
			class := classifyName(m.key)
			switch {
			case m.value.kind == scalar && m.value.str && isPlausible(class, m.value.text):
				r.report(ruleTerraformState, pathOf(below), useRemoteState, m.value.text, m.value)
			case class != notSecret && m.value.kind == object:
				for _, key := range [...]string{"value", "constant_value", "default"} { // of an output or a plan's variable, argument, and variable's default
					if inner := m.value.get(key); inner != nil && inner.str && isPlausible(class, inner.text) {
						r.report(ruleTerraformState, pathOf(append(below, key)), useRemoteState, inner.text, inner)
					}
				}
			}
			if names != nil {
				r.named(below, m.value, names, 0)
			}
			r.state(below, m.value)
		}
	}
}

// named reports the attributes of those names at or below v.
func (r *reading) named(path []string, v *value, names []string, depth int) {
	const instanceDepth = 3 // instances, [0], attributes
	if depth > instanceDepth {
		return
	}
	for i, item := range v.items {
		r.named(append(path, fmt.Sprintf("[%d]", i)), item, names, depth+1)
	}
	for _, m := range v.members {
		below := append(path, m.key)
		if slices.Contains(names, m.key) && m.value.kind == scalar {
			r.sensitive(below, m.value)
		}
		r.named(below, m.value, names, depth+1)
	}
}

// marked reports the values that marks, a tree of the same shape, says are
// sensitive.
func (r *reading) marked(path []string, v, marks *value) {
	if v == nil || marks == nil || len(marks.members)*len(v.members) > maxLookups {
		return
	}
	switch marks.kind {
	case scalar:
		if isTrue(marks) {
			scalars(v, func(s *value) { r.sensitive(path, s) })
		}
	case list:
		for i := range min(len(marks.items), len(v.items)) {
			r.marked(append(path, fmt.Sprintf("[%d]", i)), v.items[i], marks.items[i])
		}
	case object:
		for _, m := range marks.members {
			r.marked(append(path, m.key), v.get(m.key), m.value)
		}
	}
}

// attributes reports what sensitive_attributes of an instance point at: each is a
// list of steps, of which the first is an attribute's name.
func (r *reading) attributes(path []string, instance *value) {
	all := instance.get("attributes")
	marks := instance.get("sensitive_attributes")
	if all == nil || marks == nil || len(marks.items)*len(all.members) > maxLookups {
		return
	}
	for _, steps := range marks.items {
		if len(steps.items) > 0 {
			steps = steps.items[0]
		}
		name := steps.get("value").string()
		if v := all.get(name); v != nil {
			scalars(v, func(s *value) { r.sensitive(append(path, "attributes", name), s) })
		}
	}
}

// sensitive reports a value that is said to be a secret.
func (r *reading) sensitive(path []string, v *value) {
	if v.str && isReal(v.text) && !strings.HasPrefix(strings.TrimSpace(v.text), "-----BEGIN") {
		r.report(ruleTerraformState, pathOf(path), useRemoteState, v.text, v)
	}
}
