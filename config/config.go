// Package config reads .shrike.toml: a repository's own rules, its adjustments
// of the built-in ones, and what it allows. The file is a stranger's as much as
// the repository is: it cannot name other files, run anything, or make a scan
// super-linear, and its size and its patterns are bounded.
package config

import (
	"regexp"

	"github.com/shrike-scan/shrike/scanner"
)

// FileName is the name of the file that Discover looks for.
const FileName = ".shrike.toml"

// Config is the content of one .shrike.toml. The zero value is that of no file
// and changes nothing. Immutable once decoded; safe for concurrent use.
type Config struct {
	Disable  []string                    `toml:"disable"`  // ids of built-in rules to switch off
	Entropy  map[string]float64          `toml:"entropy"`  // rule id, or EveryRule, to bits a character
	Severity map[string]scanner.Severity `toml:"severity"` // rule id to severity
	Scan     Scan                        `toml:"scan"`
	Own      []scanner.Rule              `toml:"rules"`
	Allows   []Allow                     `toml:"allow"`
	Accounts map[string]Account          `toml:"accounts"` // by AWS account id, 12 digits

	name   string // of the file, for errors
	places outline
}

// EveryRule is the key of [entropy] that sets the threshold of every rule
// without a key of its own.
const EveryRule = "all"

// Scan says what is read at all.
type Scan struct {
	Exclude []string `toml:"exclude"` // path globs

	exclude *regexp.Regexp // nil without globs
}

// Allow is one [[allow]] entry: what it covers is hidden. Conditions of
// different kinds must all hold; of the values of one kind, any.
type Allow struct {
	Rules        []string `toml:"rules"`        // rule ids
	Paths        []string `toml:"paths"`        // globs; hide the occurrences in these paths alone
	Regexes      []string `toml:"regexes"`      // RE2, found anywhere in the secret
	Stopwords    []string `toml:"stopwords"`    // parts of the secret, in any case
	Fingerprints []string `toml:"fingerprints"` // 32 hex digits

	Reason string `toml:"reason"` // required
	Owner  string `toml:"owner"`
	Until  Date   `toml:"until"` // the last day on which the entry hides

	paths     *regexp.Regexp // nil without globs
	regexes   []*regexp.Regexp
	stopwords []string // in lower case
}

// Account names an AWS account for readers of reports.
type Account struct {
	Name       string `toml:"name"`
	Owner      string `toml:"owner"`
	CloudTrail string `toml:"cloudtrail"` // the table of its CloudTrail logs in Athena, "security.cloudtrail_logs"
}

// Date is a calendar day, YYYY-MM-DD, written in TOML as a date or as a string.
type Date string
