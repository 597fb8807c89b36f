// Package structured reads credentials that only a file's structure gives away:
// a literal at a secret property of a template, a secret-like parameter with a
// default. Each format is one scanner.Extractor in a file of its own, above a
// small document tree that YAML and JSON share.
//
// Input is hostile by assumption: size, depth and node count are bounded,
// aliases are never expanded, and text that does not parse yields nothing.
package structured

import "github.com/shrike-scan/shrike/scanner"

// All returns the extractors of every format this package knows, in a stable
// order. The extractors are stateless and safe for concurrent use.
func All() []scanner.Extractor {
	return []scanner.Extractor{CloudFormation(), Kubernetes(), Terraform(), TerraformState(), Deployments(), Dockerfile(), RailsKey(), Accounts()}
}
