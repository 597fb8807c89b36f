package structured

import (
	"bytes"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// The rules of this format.
const (
	ruleSecretProperty   = "cloudformation-secret-property"
	ruleNamedSecret      = "cloudformation-named-secret"
	ruleEnvironment      = "cloudformation-environment-secret"
	ruleUserData         = "cloudformation-user-data-secret"
	ruleParameterDefault = "cloudformation-parameter-default"
	ruleParameterValue   = "cloudformation-parameter-value"
	ruleParameterEcho    = "cloudformation-parameter-echo"
	ruleOutput           = "cloudformation-output-secret"
	ruleOutputReference  = "cloudformation-output-reference"
)

// CloudFormation returns the extractor of AWS CloudFormation and SAM templates
// in YAML and JSON, of CDK's synthesized ones with its construct tree, of stack
// parameter files, of change sets and of descriptions of stacks.
// It is stateless and safe for concurrent use.
func CloudFormation() scanner.Extractor { return cloudFormation{} }

type cloudFormation struct{}

func (cloudFormation) Triggers() []string {
	return []string{"AWS::", "AWSTemplateFormatVersion", "Alexa::ASK", "ParameterKey", "OutputKey", "ResourceChange"}
}

func (cloudFormation) Rules() []scanner.Rule {
	rule := func(id, kind string, severity scanner.Severity, confidence scanner.Confidence, gives string) scanner.Rule {
		return scanner.Rule{
			ID: id, Service: "AWS CloudFormation", Kind: kind, Severity: severity, Confidence: confidence, Gives: gives,
			Revoke: "Change the credential where it is used, then write the template's safe form in place of it.",
		}
	}
	return []scanner.Rule{
		rule(ruleSecretProperty, "secret property", scanner.SeverityHigh, scanner.ConfidenceHigh,
			"The credential of the resource the template makes."),
		rule(ruleNamedSecret, "secret by name", scanner.SeverityHigh, scanner.ConfidenceMedium,
			"Whatever the property's name says, in every stack made of the template."),
		rule(ruleEnvironment, "environment variable", scanner.SeverityHigh, scanner.ConfidenceMedium,
			"A credential of the program that runs with this environment; the console and the API show it too."),
		rule(ruleUserData, "instance user data", scanner.SeverityHigh, scanner.ConfidenceMedium,
			"A credential that every process on the instance can read from its metadata."),
		rule(ruleParameterDefault, "parameter default", scanner.SeverityHigh, scanner.ConfidenceMedium,
			"The credential of every stack that was made without a value of its own."),
		rule(ruleParameterValue, "parameter value", scanner.SeverityHigh, scanner.ConfidenceMedium,
			"The credential of the stack that this parameter file belongs to."),
		rule(ruleOutput, "stack output", scanner.SeverityMedium, scanner.ConfidenceMedium,
			"The credential, to everyone who may describe the stack."),
		public(rule(ruleParameterEcho, "secret parameter without NoEcho", scanner.SeverityLow, scanner.ConfidenceMedium,
			"Whatever is given for the parameter, to everyone who may describe the stack.")),
		public(rule(ruleOutputReference, "stack output that prints a secret", scanner.SeverityMedium, scanner.ConfidenceMedium,
			"The credential, to everyone who may describe the stack.")),
	}
}

// public marks a rule whose value is the name of a parameter or an attribute, so
// that reports show it.
func public(r scanner.Rule) scanner.Rule {
	r.Public = true
	return r
}

// Extract reads every template and parameter file of text. Most texts that hold
// a trigger are prose or code, and are turned away before they are parsed.
func (cloudFormation) Extract(text []byte) []scanner.Extract {
	if isProse(text) {
		return nil
	}
	has := func(key string) bool { return bytes.Contains(text, []byte(key)) }
	known := !isForeign(text)
	isTree := known && has(constructProperties)
	isParameters := isTree || holdsParameters(text) || known && has("ResourceChange")
	if !isParameters && !(known && has("Resources")) || !namesSecret(text) {
		return nil
	}
	return readTemplates(text, isTree, isParameters)
}

// readTemplates reads the documents of a text, whatever is in it.
func readTemplates(text []byte, isTree, isParameters bool) []scanner.Extract {
	r := reading{text: text, seen: map[int]bool{}}
	documents, err := parseAll(text)
	if err != nil && claimsTemplate(text) && startsMapping(text) { // manuals and programs hold templates too
		r.found = append(r.found, scanner.Extract{Note: "a CloudFormation template that does not parse, or is too large"})
	}
	for _, document := range documents {
		switch {
		case isTemplate(document):
			r.template(document)
		case isTree:
			r.walk(context{rule: ruleNamedSecret}, nil, document)
		case isParameters:
			r.walk(context{rule: ruleParameterValue}, nil, document)
		}
	}
	return r.found
}

// claimsTemplate reports whether a line says that the text is a template.
func claimsTemplate(text []byte) bool {
	const version = "AWSTemplateFormatVersion"
	for line := range bytes.Lines(text) {
		rest, ok := bytes.CutPrefix(bytes.TrimLeft(line, " \t\"'{\xef\xbb\xbf"), []byte(version))
		if rest = bytes.TrimLeft(rest, "\"' "); ok && len(rest) > 0 && rest[0] == ':' {
			return true
		}
	}
	return false
}

// isTemplate reports whether a document declares at least one resource.
func isTemplate(document *value) bool {
	found := false
	resources(document, func(_ []string, resource *value) {
		found = found || strings.Contains(resource.get("Type").string(), "::")
	})
	return found
}

// reading collects what one text gives away.
type reading struct {
	text     []byte
	encoding string       // of the literals that are reported
	tries    int          // calls of report
	seen     map[int]bool // starts of literals that are reported: an alias or an intrinsic may lead to one twice
	found    []scanner.Extract
}

// maxReports bounds the work on a text made to give endless secrets.
const maxReports = 1000

// report adds the literal of v, or the part of it that holds the secret.
func (r *reading) report(rule, path, instead, secret string, v *value) {
	if r.tries++; r.tries > maxReports {
		return
	}
	secret = strings.TrimSpace(secret)
	if v.start < 0 || v.end > len(r.text) || v.start >= v.end || secret == "" {
		return
	}
	start, end := v.start, v.end
	if at := bytes.Index(r.text[start:end], []byte(secret)); at >= 0 {
		start, end = start+at, start+at+len(secret)
	}
	if r.seen[start] {
		return
	}
	r.seen[start] = true
	r.found = append(r.found, scanner.Extract{
		Rule: rule, Start: start, End: end, Value: []byte(secret), Encoding: r.encoding,
		Details: []scanner.Detail{{Name: "path", Value: path}, {Name: "write instead", Value: instead}},
	})
}

// pathOf writes a logical path: Resources.Task.Properties.Environment[0].Value.
func pathOf(path []string) string {
	var b strings.Builder
	for i, segment := range path {
		if i > 0 && !isIndex(segment) {
			b.WriteByte('.')
		}
		b.WriteString(segment)
	}
	return b.String()
}

func isIndex(segment string) bool { return strings.HasPrefix(segment, "[") }
