// Package config reads .shrike.toml: a repository's own rules, its adjustments
// of the built-in ones, and what it allows. The file is a stranger's as much as
// the repository is: it cannot run anything or make a scan super-linear, and its
// size, its patterns and the files that it extends are bounded.
package config

import (
	"regexp"

	"github.com/shrike-scan/shrike/scanner"
)

// FileName is the name of the file that Discover looks for.
const FileName = ".shrike.toml"

// Config is the content of one .shrike.toml and of what it extends. The zero value
// is that of no file and changes nothing. Immutable once loaded; safe for
// concurrent use.
//
// The comments of the fields are the reference in docs/configuration.md.
type Config struct {
	// Other configurations that this one adds to: files, relative to this one and inside
	// the repository or by their absolute path, or `https://HOST/PATH#sha256=DIGEST`.
	Extends []string `toml:"extends"`
	// Policies of the organisation, named in the same way: see below.
	Policy []string `toml:"policy"`

	// Ids of rules to switch off. `shrike rules list` names them all.
	Disable []string `toml:"disable"`
	// Least Shannon entropy of a secret, bits a character, 0 to 8, by rule id. The id
	// `all` stands for every rule that has no entry of its own; 0 switches the check off.
	Entropy map[string]float64 `toml:"entropy"`
	// Severity by rule id: `low`, `medium`, `high` or `critical`.
	Severity map[string]scanner.Severity `toml:"severity"`

	// Findings milder than this are not reported. The flag `--min-severity` wins.
	MinSeverity scanner.Severity `toml:"min_severity"`
	// Findings less sure than this are not reported. The flag `--min-confidence` wins.
	MinConfidence scanner.Confidence `toml:"min_confidence"`
	// Exit status 1 only for findings of this severity or worse. The flag `--fail-on` wins.
	FailOn scanner.Severity `toml:"fail_on"`

	// What scans read at all.
	Scan Scan `toml:"scan"`
	// What holds in some paths alone.
	Overrides []Override `toml:"override"`
	// Rules of your own.
	Own []scanner.Rule `toml:"rules"`
	// What is no leak.
	Allows []Allow `toml:"allow"`
	// Names of AWS accounts, by their id of 12 digits.
	Accounts map[string]Account `toml:"accounts"`

	places   outline
	policies []*Policy
}

// EveryRule is the key of [entropy] that sets the threshold of every rule
// without a key of its own.
const EveryRule = "all"

// Scan says what is read at all.
type Scan struct {
	// Globs of paths that no scan reports.
	Exclude []string `toml:"exclude"`

	exclude []*regexp.Regexp // one for each file that has some
}

// Override is one [[override]] table: what holds in its paths alone.
type Override struct {
	// Globs of the paths that it holds in; required.
	Paths []string `toml:"paths"`
	// Ids of rules that report nothing in these paths.
	Disable []string `toml:"disable"`
	// As the table `entropy`, for these paths. It can raise what holds elsewhere, not lower it.
	Entropy map[string]float64 `toml:"entropy"`
	// As the table `severity`, for findings that stand in these paths alone.
	Severity map[string]scanner.Severity `toml:"severity"`
	// As the top-level key, for findings that stand in these paths alone.
	MinSeverity scanner.Severity `toml:"min_severity"`
	// As the top-level key, for findings that stand in these paths alone.
	MinConfidence scanner.Confidence `toml:"min_confidence"`

	paths *regexp.Regexp
}

// Allow is one [[allow]] entry: what it covers is hidden. Conditions of
// different kinds must all hold; of the values of one kind, any.
type Allow struct {
	// The finding's rule has one of these ids.
	Rules []string `toml:"rules"`
	// A glob covers the path: only the occurrences in these paths are hidden.
	Paths []string `toml:"paths"`
	// A regex is found in the path, for what no glob can say. Beside `paths`, either will do.
	PathRegexes []string `toml:"path_regexes"`
	// A regex is found in the secret; anchor it by `^` and `$`.
	Regexes []string `toml:"regexes"`
	// The secret contains the word, in any case.
	Stopwords []string `toml:"stopwords"`
	// The finding has one of the fingerprints (they change with the baseline's salt).
	Fingerprints []string `toml:"fingerprints"`

	// Why it is no leak; required.
	Reason string `toml:"reason"`
	// Who answers for it.
	Owner string `toml:"owner"`
	// The last day on which the entry hides, `YYYY-MM-DD`.
	Until Date `toml:"until"`

	paths     []*regexp.Regexp // of globs and regexes; any will do; nil without
	regexes   []*regexp.Regexp
	stopwords []string // in lower case
}

// Account names an AWS account for readers of reports.
type Account struct {
	// What the account is called.
	Name string `toml:"name"`
	// Whose it is.
	Owner string `toml:"owner"`
	// The table of its CloudTrail logs in Athena: `security.cloudtrail_logs`.
	CloudTrail string `toml:"cloudtrail"`
}

// Date is a calendar day, YYYY-MM-DD, written in TOML as a date or as a string.
type Date string
