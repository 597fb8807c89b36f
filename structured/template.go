package structured

import (
	"fmt"
	"slices"
	"strings"
)

// context says where a walk is.
type context struct {
	resource string // type of the resource, empty outside resources
	base     int    // number of path segments above the resource's properties
	rule     string // of a secret that only its name gives away
}

// template reads one template's sections.
func (r *reading) template(t *value) {
	for _, p := range members(t.get("Parameters")) {
		r.parameter(p)
	}
	for _, section := range []string{"Mappings", "Metadata", "Globals"} {
		r.walk(context{rule: ruleNamedSecret}, []string{section}, t.get(section))
	}
	resources(t, func(path []string, resource *value) {
		for _, section := range []string{"Properties", "Metadata"} {
			in := context{resource: resource.get("Type").string(), base: len(path) + 1, rule: ruleNamedSecret}
			r.walk(in, append(path, section), resource.get(section))
		}
	})
	for _, output := range members(t.get("Outputs")) {
		r.output(t, output.key, output.value.get("Value"))
	}
}

// resources visits the resources of a template, with those that a Fn::ForEach
// makes: its third argument holds them.
func resources(t *value, visit func(path []string, resource *value)) {
	var below func(path []string, v *value)
	below = func(path []string, v *value) {
		for _, m := range members(v) {
			inside := append(path, m.key)
			if !strings.HasPrefix(m.key, "Fn::ForEach") {
				visit(inside, m.value)
			} else if m.value.kind == list && len(m.value.items) == 3 {
				below(inside, m.value.items[2])
			}
		}
	}
	below([]string{"Resources"}, t.get("Resources"))
}

func members(v *value) []member {
	if v == nil {
		return nil
	}
	return v.members
}

// parameter reads a parameter's default, and reports a secret that the console and
// the API show for want of NoEcho. One whose type is looked up in the Parameter
// Store holds a name there, no secret.
func (r *reading) parameter(m member) {
	name, p := m.key, m.value
	if kind := p.get("Type").string(); kind != "" && kind != "String" && kind != "CommaDelimitedList" {
		return
	}
	path := pathOf([]string{"Parameters", name, "Default"})
	class, isHidden := classifyName(name), isTrue(p.get("NoEcho"))
	if class == notSecret && isHidden && !isUser(name) {
		class = secretName // the author says so; the value must still look random
	}
	byDefault := p.get("Default")
	isEchoed := !isHidden && class != notSecret
	literals(byDefault, func(v *value) {
		switch {
		case isPlausible(class, v.text):
			r.report(ruleParameterDefault, path, useNoEcho, v.text, v)
			isEchoed = false
		case v.text != "" && !isPlaceholder(v.text): // a path, a switch, a reference: what is given will be one too
			isEchoed = false
		}
	})
	if isEchoed {
		r.report(ruleParameterEcho, pathOf([]string{"Parameters", name}), "NoEcho: true", name,
			&value{kind: scalar, text: name, start: m.at.start, end: m.at.end})
	}
}

func isTrue(v *value) bool { return strings.EqualFold(v.string(), "true") }

// isUser reports whether a name is that of an account, which authors often hide
// beside its password.
func isUser(name string) bool {
	lower := strings.ToLower(name)
	return strings.Contains(lower, "user") || strings.Contains(lower, "login")
}

// output reports an output that prints a secret: a literal under a secret's
// name, an access key's secret half, a parameter that the author hides.
func (r *reading) output(t *value, name string, v *value) {
	path := pathOf([]string{"Outputs", name, "Value"})
	literals(v, func(literal *value) {
		if isPlausible(classifyName(name), literal.text) {
			r.report(ruleOutput, path, useNoOutput, literal.text, literal)
		}
	})
	references(v, func(target string, at *value) {
		logical, attribute, _ := strings.Cut(target, ".")
		isKey := attribute == "SecretAccessKey" && t.get("Resources").get(logical).get("Type").string() == "AWS::IAM::AccessKey"
		isHidden := attribute == "" && isTrue(t.get("Parameters").get(logical).get("NoEcho"))
		if isKey || isHidden {
			r.report(ruleOutputReference, path, useNoOutput, target, at)
		}
	})
}

// walk looks at every property below v. path is the walk's own: it is copied
// where it is kept.
func (r *reading) walk(in context, path []string, v *value) {
	if v == nil {
		return
	}
	switch v.kind {
	case list:
		for i, item := range v.items {
			r.walk(in, append(path, fmt.Sprintf("[%d]", i)), item)
		}
	case object:
		in = in.at(v, path)
		r.namedPair(in, path, v)
		for _, m := range v.members {
			below := append(path, m.key)
			inside := in
			if in.rule == ruleNamedSecret && isEnvironment(m.key) {
				inside.rule = ruleEnvironment
			}
			r.property(inside, below, m)
			r.walk(inside, below, m.value)
		}
	}
}

// property judges one property: by the place where a known type holds a secret,
// else by its name.
func (r *reading) property(in context, path []string, m member) {
	switch {
	case m.key == "BeforeContext" || m.key == "AfterContext":
		r.changed(in, path, m.value)
	case m.key == "UserData":
		r.userData(ruleUserData, path, m.value)
	case in.resource == "AWS::SecretsManager::Secret" && m.key == "SecretString":
		literals(m.value, func(v *value) { r.secretString(path, v) })
	case isSensitive(in, path):
		literals(m.value, func(v *value) {
			if isReal(v.text) {
				r.report(ruleSecretProperty, pathOf(path), remedy(in.resource), v.text, v)
			}
		})
	default:
		class := classifyName(m.key)
		if class == notSecret {
			return
		}
		literals(m.value, func(v *value) {
			if isPlausible(class, v.text) {
				r.report(in.rule, pathOf(path), remedy(in.resource), v.text, v)
			}
		})
	}
}

// isSensitive reports whether the path is one that the table lists for the
// resource's type.
func isSensitive(in context, path []string) bool {
	known := sensitive()[in.resource]
	if known == nil || len(path) <= in.base || isIntrinsic(path[len(path)-1]) {
		return false
	}
	names := make([]string, 0, len(path))
	for _, segment := range path[in.base:] {
		if !isIndex(segment) && !isIntrinsic(segment) {
			names = append(names, segment)
		}
	}
	property := strings.Join(names, ".")
	return slices.ContainsFunc(known, func(name string) bool { return strings.EqualFold(name, property) })
}

// isIntrinsic reports whether a path segment is a function, whose branches stand
// for the property above it.
func isIntrinsic(segment string) bool { return strings.HasPrefix(segment, "Fn::") }

// secretString reads the value of a Secrets Manager secret: a JSON object of
// which some members are secret, or the secret itself.
func (r *reading) secretString(path []string, v *value) {
	instead := remedy("AWS::SecretsManager::Secret")
	inner, err := parseJSON([]byte(v.text))
	if err != nil || inner.kind != object {
		if isReal(v.text) && (err != nil || inner.kind == scalar) {
			r.report(ruleSecretProperty, pathOf(path), instead, v.text, v)
		}
		return
	}
	for _, m := range inner.members {
		if classifyName(m.key) != notSecret && m.value.kind == scalar && isReal(m.value.text) {
			r.report(ruleSecretProperty, pathOf(append(path, m.key)), instead, m.value.text, v)
		}
	}
}

// isEnvironment reports whether a property holds environment variables.
func isEnvironment(key string) bool {
	switch key {
	case "Environment", "environment", "EnvironmentVariables", "RuntimeEnvironmentVariables", "OptionSettings", "env":
		return true
	}
	return false
}

// pairKeys are the ways in which a list says a name and its value.
var pairKeys = [...][2]string{
	{"Name", "Value"}, {"Key", "Value"}, {"OptionName", "Value"}, {"HeaderName", "HeaderValue"},
	{"ParameterKey", "ParameterValue"}, {"OutputKey", "OutputValue"}, {"name", "value"},
	{"Name", "BeforeValue"}, {"Name", "AfterValue"}, // of a change set's targets
}

// namedPair reads {Name: DB_PASSWORD, Value: ...}, as container definitions,
// build projects and parameter files write variables.
func (r *reading) namedPair(in context, path []string, v *value) {
	if kind := v.get("Type").string(); kind == "SECRETS_MANAGER" || kind == "PARAMETER_STORE" {
		return
	}
	for _, keys := range pairKeys {
		class := classifyName(v.get(keys[0]).string())
		if class == notSecret {
			continue
		}
		literals(v.get(keys[1]), func(literal *value) {
			if isPlausible(class, literal.text) {
				r.report(pairRule(in), pathOf(append(path, keys[1])), remedy(in.resource), literal.text, literal)
			}
		})
	}
}

func pairRule(in context) string {
	if in.resource == "AWS::SSM::Parameter" {
		return ruleSecretProperty
	}
	return in.rule
}
