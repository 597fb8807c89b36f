package baseline

import (
	"bytes"
	"cmp"
	"crypto/sha1"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// Claim is what another tool's file says of one finding that it knows. Which of its
// members are set depends on the tool.
type Claim struct {
	Rule        string         // the other tool's name for it
	Path        string         // slash separated
	Line        int            // from 1; 0 is unknown
	Commit      string         // hex id
	Secret      scanner.Secret // where the file holds it in clear
	SHA1        string         // of the secret, in hex
	Fingerprint string         // this program's own
	Real        bool           // the file says that it is a true secret: not to be accepted unseen
}

// String names the claim to a person. It holds no secret.
func (c *Claim) String() string {
	text := c.Rule + " at " + c.Path
	if c.Line > 0 {
		text += ":" + strconv.Itoa(c.Line)
	}
	if c.Commit != "" {
		text += " in commit " + c.Commit[:min(len(c.Commit), 12)]
	}
	return text
}

// importers reads the formats, from what each tool's user documentation says.
var importers = []struct {
	name string
	read func([]byte) ([]Claim, error)
}{
	{"gitleaks", readGitleaks},
	{"detect-secrets", readDetectSecrets},
	{"trufflehog", readTrufflehog},
	{"sarif", readSARIF},
}

// ImportFormats names the formats that Import reads.
func ImportFormats() []string {
	var names []string
	for _, i := range importers {
		names = append(names, i.name)
	}
	return names
}

// Import reads the findings that another tool's ignore file, baseline or report
// lists. Errors quote nothing of the text, which may hold secrets.
func Import(format string, text []byte) ([]Claim, error) {
	for _, i := range importers {
		if i.name == format {
			claims, err := i.read(bytes.TrimPrefix(text, []byte("\ufeff")))
			if err != nil {
				return nil, fmt.Errorf("not a file of %s: %w", format, err)
			}
			for i := range claims {
				claims[i].Path = strings.TrimPrefix(strings.ReplaceAll(claims[i].Path, `\`, "/"), "./")
			}
			return claims, nil
		}
	}
	return nil, fmt.Errorf("unknown format %q: want one of %s", format, strings.Join(ImportFormats(), ", "))
}

// decodeJSON reads one value and keeps the text out of the error.
func decodeJSON(text []byte, into any) error {
	err := json.Unmarshal(text, into)
	if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
		return fmt.Errorf("no JSON at byte %d", syntax.Offset)
	}
	if kind, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return fmt.Errorf("JSON of another shape at byte %d: %s", kind.Offset, kind.Field)
	}
	return err
}

// readGitleaks reads a JSON report, or the lines of a .gitleaksignore:
// COMMIT:FILE:RULE:LINE, or FILE:RULE:LINE, with comments after #.
func readGitleaks(text []byte) ([]Claim, error) {
	if trimmed := bytes.TrimSpace(text); len(trimmed) > 0 && trimmed[0] == '[' {
		var list []struct {
			RuleID, Secret, File, Commit string
			StartLine                    int
		}
		if err := decodeJSON(text, &list); err != nil {
			return nil, err
		}
		claims := make([]Claim, len(list))
		for i, f := range list {
			claims[i] = Claim{Rule: f.RuleID, Path: f.File, Line: f.StartLine, Commit: f.Commit}
			if f.Secret != "" && f.Secret != "REDACTED" && !strings.HasSuffix(f.Secret, "...") {
				claims[i].Secret = scanner.NewSecret([]byte(f.Secret))
			}
		}
		return claims, nil
	}
	var claims []Claim
	number := 0
	for line := range strings.Lines(string(text)) {
		number++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		fields := strings.Split(line, ":")
		n := len(fields)
		if n < 3 {
			return nil, fmt.Errorf("line %d: want [COMMIT:]FILE:RULE:LINE", number)
		}
		at, err := strconv.Atoi(fields[n-1])
		if err != nil || at < 0 {
			return nil, fmt.Errorf("line %d: want [COMMIT:]FILE:RULE:LINE", number)
		}
		c := Claim{Rule: fields[n-2], Line: at}
		if n > 3 && isObjectID(fields[0]) {
			c.Commit, fields = fields[0], fields[1:]
		}
		c.Path = strings.Join(fields[:len(fields)-2], ":")
		claims = append(claims, c)
	}
	return claims, nil
}

func isObjectID(text string) bool {
	_, err := hex.DecodeString(text)
	return err == nil && (len(text) == 40 || len(text) == 64)
}

// readDetectSecrets reads a .secrets.baseline. What its audit marked as a true secret
// is Real.
func readDetectSecrets(text []byte) ([]Claim, error) {
	var file struct {
		Results map[string][]struct {
			Type         string `json:"type"`
			HashedSecret string `json:"hashed_secret"`
			Line         int    `json:"line_number"`
			IsSecret     bool   `json:"is_secret"`
		} `json:"results"`
	}
	if err := decodeJSON(text, &file); err != nil {
		return nil, err
	}
	if file.Results == nil {
		return nil, errors.New("it has no results")
	}
	var claims []Claim
	for path, list := range file.Results {
		for _, f := range list {
			claims = append(claims, Claim{Rule: f.Type, Path: path, Line: f.Line, SHA1: strings.ToLower(f.HashedSecret), Real: f.IsSecret})
		}
	}
	slices.SortFunc(claims, func(a, b Claim) int { // the file is an object: its order is lost
		return cmp.Or(strings.Compare(a.Path, b.Path), a.Line-b.Line, strings.Compare(a.SHA1+a.Rule, b.SHA1+b.Rule))
	})
	return claims, nil
}

// readTrufflehog reads the lines of its --json output. What it verified is Real.
func readTrufflehog(text []byte) ([]Claim, error) {
	var claims []Claim
	d := json.NewDecoder(bytes.NewReader(text))
	for {
		var f struct {
			DetectorName, Raw, RawV2 string
			Verified                 bool
			SourceMetadata           struct {
				Data map[string]struct {
					Commit, File string
					Line         int
				}
			}
		}
		err := d.Decode(&f)
		if err == io.EOF {
			return claims, nil
		}
		if err != nil {
			return nil, fmt.Errorf("no JSON of its --json output near byte %d", d.InputOffset())
		}
		if f.DetectorName == "" {
			continue // a line of its log
		}
		c := Claim{Rule: f.DetectorName, Real: f.Verified}
		for _, place := range f.SourceMetadata.Data {
			c.Path, c.Line, c.Commit = place.File, place.Line, place.Commit
		}
		if raw := orElse(f.RawV2, f.Raw); raw != "" {
			c.Secret = scanner.NewSecret([]byte(raw))
		}
		claims = append(claims, c)
	}
}

func orElse(text, other string) string {
	if text != "" {
		return text
	}
	return other
}

// readSARIF reads the results of any tool's SARIF 2.1.0 file, and of this program's
// own the fingerprints.
func readSARIF(text []byte) ([]Claim, error) {
	var file struct {
		Runs []struct {
			Results []struct {
				RuleID       string            `json:"ruleId"`
				Fingerprints map[string]string `json:"partialFingerprints"`
				Locations    []struct {
					Physical struct {
						Artifact struct {
							URI string `json:"uri"`
						} `json:"artifactLocation"`
						Region struct {
							StartLine int `json:"startLine"`
						} `json:"region"`
					} `json:"physicalLocation"`
				} `json:"locations"`
			} `json:"results"`
		} `json:"runs"`
	}
	if err := decodeJSON(text, &file); err != nil {
		return nil, err
	}
	if file.Runs == nil {
		return nil, errors.New("it has no runs")
	}
	var claims []Claim
	for _, run := range file.Runs {
		for _, r := range run.Results {
			for _, l := range r.Locations {
				path := strings.TrimPrefix(l.Physical.Artifact.URI, "file://")
				if plain, err := url.PathUnescape(path); err == nil {
					path = plain
				}
				claims = append(claims, Claim{
					Rule: r.RuleID, Path: path, Line: l.Physical.Region.StartLine,
					Commit: r.Fingerprints["commitSha"], Fingerprint: r.Fingerprints["shrikeFingerprint/v1"],
				})
			}
		}
	}
	return claims, nil
}

// Certain reports whether the claim names the secret itself, not only its place.
func (c *Claim) Certain() bool {
	return c.Fingerprint != "" || c.Secret.Len() > 0 || c.SHA1 != ""
}

// Of returns a copy of a finding with those of its occurrences that the claim names,
// nil where there are none.
func (c *Claim) Of(f *scanner.Finding) *scanner.Finding {
	if c.Certain() && !c.isOf(f) {
		return nil
	}
	named := *f
	named.Occurrences = nil
	for _, o := range f.Occurrences {
		if c.at(&o) {
			named.Occurrences = append(named.Occurrences, o)
		}
	}
	if len(named.Occurrences) == 0 {
		return nil
	}
	return &named
}

// isOf compares the secret. Other tools report one half of a pair, or both in one.
func (c *Claim) isOf(f *scanner.Finding) bool {
	if c.Fingerprint != "" {
		return c.Fingerprint == f.Fingerprint
	}
	values := []string{f.Secret.Reveal()}
	for _, p := range f.Parts {
		values = append(values, p.Value.Reveal())
	}
	const sure = 16 // bytes; shorter values stand in longer ones by chance
	for _, v := range values {
		if c.SHA1 != "" {
			sum := sha1.Sum([]byte(v))
			if hex.EncodeToString(sum[:]) == c.SHA1 {
				return true
			}
		} else if text := c.Secret.Reveal(); text == v || len(v) >= sure && strings.Contains(text, v) {
			return true
		}
	}
	return false
}

// at compares the place: the path where the secret itself is known, else the line
// too, and the commit where the claim has one. Without a commit it speaks of what
// stands there now.
func (c *Claim) at(o *scanner.Occurrence) bool {
	if c.Path == "" {
		return c.Certain()
	}
	if o.Path == "" || c.Path != o.Path && !(strings.HasPrefix(c.Path, "/") && strings.HasSuffix(c.Path, "/"+o.Path)) {
		return false
	}
	if c.Certain() {
		return true
	}
	if c.Commit != "" {
		return o.Line == c.Line && o.Commit != nil && o.Commit.ID == c.Commit
	}
	return o.Line == c.Line && (o.Commit == nil || o.Alive)
}
