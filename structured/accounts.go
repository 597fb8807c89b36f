package structured

import (
	"bytes"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

const ruleAccounts = "account-list-password"

// Accounts returns the extractor of lists of accounts: tables of values parted by commas
// (RFC 4180) or semicolons whose first line names a column for passwords beside one for
// users or places, as browsers and password managers export them. Stateless; safe for
// concurrent use.
func Accounts() scanner.Extractor { return accounts{} }

type accounts struct{}

func (accounts) Triggers() []string {
	return []string{",password", `,"password"`, ";password", ",login_password"}
}

func (accounts) Rules() []scanner.Rule {
	return []scanner.Rule{{
		ID: ruleAccounts, Service: "CSV", Kind: "password in a list of accounts", Chosen: true,
		Severity: scanner.SeverityHigh, Confidence: scanner.ConfidenceMedium,
		Gives:  "Signs in as the user that stands beside it.",
		Revoke: "Change the password, and look at who has used it; delete the list, or keep it encrypted.",
	}}
}

const (
	maxHeader  = 512 // bytes of the first line of a list
	maxColumns = 40
)

// Extract reads a text whose first line holds nothing but names of columns. A row of
// another number of fields, such as the line of a longer note, is passed over.
func (accounts) Extract(text []byte) []scanner.Extract {
	if len(text) > maxText {
		return nil
	}
	start := len(text) - len(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))
	end := nextLine(text, start)
	header := bytes.TrimRight(text[start:end], "\r\n")
	column, columns, delimiter := passwordColumn(header)
	if column < 0 {
		return nil
	}
	var found []scanner.Extract
	var row [maxColumns]field
	for start = end; start < len(text) && len(found) < maxReports; start = end {
		end = nextLine(text, start)
		line := bytes.TrimRight(text[start:end], "\r\n")
		if split(line, delimiter, row[:]) != columns {
			continue
		}
		f := row[column]
		secret := strings.ReplaceAll(string(line[f.start:f.end]), `""`, `"`)
		if secret = strings.TrimSpace(secret); secret == "" || !isReal(secret) || isHashed(secret) || classifyName(secret) != notSecret && isIdentifier(secret) {
			continue
		}
		found = append(found, scanner.Extract{
			Rule: ruleAccounts, Start: start + f.start, End: start + f.end, Value: []byte(secret),
			Details: []scanner.Detail{{Name: "write instead", Value: "nothing: keep passwords in a password manager, and its exports off disks that others see"}},
		})
	}
	return found
}

// passwordColumn finds the column for passwords, -1 where the line is no header of a list
// of accounts, with the number of columns and what parts them.
func passwordColumn(header []byte) (column, columns int, delimiter byte) {
	delimiter = ','
	if bytes.IndexByte(header, ';') >= 0 {
		delimiter = ';'
	}
	var fields [maxColumns]field
	if len(header) > maxHeader {
		return -1, 0, 0
	}
	columns = split(header, delimiter, fields[:])
	column, account := -1, false
	for _, f := range fields[:max(columns, 0)] {
		name := strings.ToLower(strings.TrimSpace(string(header[f.start:f.end])))
		if strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789 _-.") != "" {
			return -1, 0, 0
		}
		for _, part := range []string{"user", "login", "mail", "url", "account", "host", "site"} {
			account = account || strings.Contains(name, part) && !strings.Contains(name, "pass")
		}
	}
	for i, f := range fields[:max(columns, 0)] {
		if classifyName(string(header[f.start:f.end])) == passwordName && column < 0 {
			column = i
		}
	}
	if !account {
		return -1, 0, 0
	}
	return column, columns, delimiter
}

// A field is a range of a line, without quotes.
type field struct{ start, end int }

// split parts a line into fields, and returns how many: -1 where they are more than fit
// or a quote stays open.
func split(line []byte, delimiter byte, fields []field) int {
	n := 0
	for p := 0; ; p++ {
		if n == len(fields) {
			return -1
		}
		f := field{p, p}
		if p < len(line) && line[p] == '"' {
			f.start++
			for p++; p < len(line) && (line[p] != '"' || p+1 < len(line) && line[p+1] == '"'); p++ {
				if line[p] == '"' {
					p++
				}
			}
			if p >= len(line) {
				return -1
			}
			f.end = p
			p++
		} else {
			for p < len(line) && line[p] != delimiter {
				p++
			}
			f.end = p
		}
		fields[n] = f
		n++
		if p >= len(line) {
			return n
		}
		if line[p] != delimiter {
			return -1
		}
	}
}

// isHashed recognises digests in hexadecimal, and hashed passwords that name their scheme.
func isHashed(text string) bool {
	return text[0] == '$' && strings.Count(text, "$") > 2 || len(text) >= 32 && strings.Trim(text, "0123456789abcdefABCDEF") == ""
}
