package structured

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleTerraform = "terraform-secret"

const (
	useSensitiveVariable = `no default and sensitive = true, with the value from TF_VAR_ or a secret store's data source`
	useManagedPassword   = "manage_master_user_password = true, or a variable with sensitive = true and no default"
	useWriteOnly         = "a value made by an ephemeral resource, in the write-only argument"
)

// Terraform returns the extractor of Terraform and OpenTofu configuration and
// variable files, in HCL and in JSON: the default of a variable named after a
// secret, attributes and map entries, pairs of name and value, and the attributes
// of resources that hold nothing but secrets. Stateless; safe for concurrent use.
func Terraform() scanner.Extractor { return terraform{} }

type terraform struct{}

func (terraform) Triggers() []string {
	triggers := []string{`variable "`, `resource "`, `"variable":`}
	for _, name := range secretMaps {
		triggers = append(triggers, name+" = {", name+" = [")
	}
	return triggers
}

// secretMaps name maps and lists of secrets in files of variables.
var secretMaps = [...]string{"passwords", "secrets", "tokens", "credentials", "api_keys", "secret_variables"}

func (terraform) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleTerraform, Service: "Terraform", Kind: "value in a configuration",
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "The credential of the resources that are made with this configuration.",
		Revoke: "Change the credential, and give its value from outside the configuration.",
	}}
}

// Extract reads configuration. Programs and manuals that hold a trigger have no
// line that opens a block.
func (terraform) Extract(text []byte) []scanner.Extract {
	if len(text) > maxText {
		return nil
	}
	r := reading{text: text, seen: map[int]bool{}}
	if body := bytes.TrimLeft(text, " \t\r\n"); len(body) > 0 && body[0] == '{' {
		if v, err := parseBoundedJSON(text); err == nil && v.get("variable") != nil {
			r.configuration(v)
		}
	} else if opensBlock(text) {
		r.configuration(parseHCL(text))
	}
	return r.found
}

// opensBlock reports whether a line opens a block, or a map or list of secrets. In
// files of variables these start their lines; in programs, such as lexers with
// their tokens, they seldom do, and such maps are not looked for in Python.
func opensBlock(text []byte) bool {
	for _, name := range secretMaps {
		if (opensLine(text, name+" = {") || opensLine(text, name+" = [")) && !bytes.Contains(text, []byte("\n    def ")) && !bytes.Contains(text, []byte("\ndef ")) {
			return true
		}
	}
	for _, kind := range []string{`variable "`, `resource "`} {
		for rest := text; ; {
			i := bytes.Index(rest, []byte(kind))
			if i < 0 {
				break
			}
			line, after, _ := bytes.Cut(rest[i:], []byte{'\n'})
			if starts := i == 0 || rest[i-1] == '\n'; starts && bytes.IndexByte(line, '{') >= 0 {
				return true
			}
			rest = after
		}
	}
	return false
}

// opensLine reports whether a line starts with a name that ends as s does.
func opensLine(text []byte, s string) bool {
	const longestName = 64
	for at := 0; ; {
		i := bytes.Index(text[at:], []byte(s))
		if i < 0 {
			return false
		}
		end := at + i
		start := end
		for start > 0 && (text[start-1] == '_' || text[start-1] >= 'a' && text[start-1] <= 'z') && end-start < longestName {
			start--
		}
		if start == 0 || text[start-1] == '\n' {
			return true
		}
		at = end + len(s)
	}
}

// configuration reads what a file declares, by the kind of block.
func (r *reading) configuration(file *value) {
	for _, block := range file.members {
		w := hclWalk{reading: r, remedy: useSensitiveVariable}
		switch {
		case block.value.kind != object || entryClass(block.key) != notSecret:
			w.attribute([]string{block.key}, block)
		case block.key == "variable":
			for _, m := range block.value.members {
				w.variable(m.key, m.value)
			}
		case block.key == "resource":
			for _, m := range block.value.members {
				w.resource, w.remedy = m.key, terraformRemedy(m.key)
				for _, named := range members(m.value) {
					w.members([]string{m.key, named.key}, named.value)
				}
			}
		default: // provider, module, data, locals, a map in a file of variables
			w.members([]string{block.key}, block.value)
		}
	}
}

// hclWalk is where in a configuration a walk is.
type hclWalk struct {
	*reading
	resource string    // type of the resource, empty outside resources
	entries  nameClass // of an object's members whose names promise nothing
	remedy   string
}

// entryClass is what the name of a collection promises of its entries: passwords
// are each a password.
func entryClass(name string) nameClass {
	if class := classifyName(name); class != notSecret {
		return class
	}
	return classifyName(strings.TrimSuffix(name, "s"))
}

// variable reads a variable's default.
func (w hclWalk) variable(name string, declared *value) {
	class := classifyName(name)
	if class == notSecret && isTrue(declared.get("sensitive")) && !isUser(name) {
		class = secretName // the author says so; the value must still look random
	}
	if v := declared.get("default"); v != nil {
		w.value([]string{"variable", name, "default"}, name, class, v)
	}
}

// terraformPairs are the ways in which a block says a name and its value.
var terraformPairs = [...][2]string{{"name", "value"}, {"key", "value"}, {"secret_name", "plaintext_value"}}

// members visits the attributes and blocks of an object.
func (w hclWalk) members(path []string, v *value) {
	if v == nil {
		return
	}
	for _, keys := range terraformPairs {
		class := classifyName(v.get(keys[0]).string())
		if second := v.get(keys[1]); class != notSecret && second != nil {
			w.value(append(path, keys[1]), keys[1], class, second)
		}
	}
	marked := v.get("type").string() == "SecureString" || isTrue(v.get("sensitive")) || isTrue(v.get("masked"))
	for _, m := range v.members {
		if marked && m.key == "value" {
			w.sensitive(append(path, m.key), m.value)
		}
		w.attribute(append(path, m.key), m)
	}
}

// attribute judges one attribute, and what is below it.
func (w hclWalk) attribute(path []string, m member) {
	switch {
	case slices.Contains(terraformSecrets[w.resource], m.key) && len(path) == 3:
		w.sensitive(path, m.value)
	case strings.HasPrefix(m.key, "user_data"):
		w.userData(ruleTerraform, path, m.value)
	default:
		class := classifyName(m.key)
		if class == notSecret {
			class = w.entries
		}
		w.value(path, m.key, class, m.value)
	}
}

// value judges the value of a name.
func (w hclWalk) value(path []string, name string, class nameClass, v *value) {
	switch v.kind {
	case scalar:
		if v.str && isPlausible(class, v.text) {
			w.report(ruleTerraform, pathOf(path), w.remedy, v.text, v)
		}
	case list:
		if class == notSecret {
			class = entryClass(name)
		}
		for i, item := range v.items {
			w.value(append(path, fmt.Sprintf("[%d]", i)), name, class, item)
		}
	case object:
		w.entries = entryClass(name)
		if name == "data" && strings.HasPrefix(w.resource, "kubernetes_secret") {
			w.entries = secretName
		}
		w.members(path, v)
	}
}

// sensitive reports every literal of an attribute that holds nothing but secrets.
// Of an object, as jsonencode takes, the members' names say which those are.
func (w hclWalk) sensitive(path []string, v *value) {
	switch v.kind {
	case scalar:
		if v.str && isReal(v.text) && !strings.HasPrefix(strings.TrimSpace(v.text), "-----BEGIN") {
			w.report(ruleTerraform, pathOf(path), w.remedy, v.text, v)
		}
	case list: // of a function's arguments, or a conditional's results
		for _, item := range v.items {
			w.sensitive(path, item)
		}
	case object:
		w.members(path, v)
	}
}

// terraformSecrets names the attributes that hold nothing but secrets, by the
// providers' documentation of the resources.
var terraformSecrets = map[string][]string{
	"aws_secretsmanager_secret_version":     {"secret_string"},
	"azurerm_key_vault_secret":              {"value"},
	"circleci_context_environment_variable": {"value"},
	"cloudflare_workers_secret":             {"secret_text"},
	"doppler_secret":                        {"value"},
	"github_actions_environment_secret":     {"plaintext_value"},
	"github_actions_organization_secret":    {"plaintext_value"},
	"github_actions_secret":                 {"plaintext_value"},
	"github_codespaces_secret":              {"plaintext_value"},
	"github_dependabot_secret":              {"plaintext_value"},
	"google_secret_manager_secret_version":  {"secret_data"},
	"vault_generic_secret":                  {"data_json"},
	"vault_kv_secret":                       {"data_json"},
	"vault_kv_secret_v2":                    {"data_json"},
}

func terraformRemedy(resource string) string {
	switch resource {
	case "aws_db_instance", "aws_rds_cluster", "aws_docdb_cluster", "aws_redshift_cluster":
		return useManagedPassword
	case "aws_secretsmanager_secret_version", "aws_ssm_parameter", "azurerm_key_vault_secret", "google_secret_manager_secret_version":
		return useWriteOnly
	case "aws_instance", "aws_launch_template", "aws_launch_configuration":
		return useBootTime
	}
	return useSensitiveVariable
}
