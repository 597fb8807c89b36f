package config

import (
	"fmt"
	"regexp/syntax"
	"slices"
	"strings"

	"github.com/BurntSushi/toml"

	"github.com/shrike-scan/shrike/scanner"
)

// The parts of a .gitleaks.toml, as that tool's user documentation describes them.
type (
	gitleaksFile struct {
		Title, Description, MinVersion string

		Extend     gitleaksExtend
		Rules      []gitleaksRule
		Allowlist  *gitleaksAllow // of older versions
		Allowlists []gitleaksAllow
	}
	gitleaksExtend struct {
		Path, URL     string
		UseDefault    bool
		DisabledRules []string
	}
	gitleaksRule struct {
		ID, Description, Regex, Path string

		SecretGroup int
		Entropy     float64
		Keywords    []string
		Tags        []string
		Required    []map[string]any
		SkipReport  bool
		Allowlist   *gitleaksAllow
		Allowlists  []gitleaksAllow
	}
	gitleaksAllow struct {
		Description, Condition, RegexTarget string

		Regexes, Paths, Stopwords, Commits, TargetRules []string
	}
)

// ImportGitleaks writes the configuration that says what a .gitleaks.toml says.
// builtin are the ids of our rules. What cannot be carried over is in notes, with its
// place; nothing that would hide more than it did is carried over.
func ImportGitleaks(name string, text []byte, builtin []string) (out []byte, notes []string, err error) {
	if len(text) > MaxBytes {
		return nil, nil, fmt.Errorf("read %s: larger than %d bytes", name, MaxBytes)
	}
	places, limit := readOutline(name, string(text))
	if limit != nil {
		return nil, nil, limit
	}
	var file gitleaksFile
	meta, err := toml.Decode(string(text), &file)
	if err != nil {
		return nil, nil, syntaxError(name, err)
	}
	g := &gitleaks{from: name, places: lowerKeys(places), builtin: builtin, ids: map[string]string{}}
	for _, key := range meta.Undecoded() {
		g.note(strings.ToLower(key.String()), "the key %q is not known", key)
	}
	g.extend(&file.Extend)
	for i := range file.Rules {
		g.rule(joinIndex("rules", i), &file.Rules[i])
	}
	if file.Allowlist != nil {
		g.allow("allowlist", file.Allowlist, nil)
	}
	for i := range file.Allowlists {
		g.allow(joinIndex("allowlists", i), &file.Allowlists[i], nil)
	}
	text = g.text()
	if _, err := Decode(name+" as a "+FileName, text); err != nil {
		return nil, g.notes, err
	}
	return text, g.notes, nil
}

// lowerKeys makes the outline's paths lower case, for that tool's keys have no case.
func lowerKeys(places outline) outline {
	low := make(outline, len(places))
	for path, at := range places {
		low[strings.ToLower(path)] = at
	}
	return low
}

type gitleaks struct {
	from    string
	places  outline
	builtin []string
	ids     map[string]string // theirs -> ours

	notes   []string
	disable []string
	rules   []tomlTable
	allows  []tomlTable
}

func (g *gitleaks) note(path, format string, args ...any) {
	g.notes = append(g.notes, fmt.Sprintf("%v: %s", g.places.at(path), fmt.Sprintf(format, args...)))
}

func (g *gitleaks) extend(e *gitleaksExtend) {
	if !e.UseDefault {
		g.note("extend", "the built-in rules stay on, whether the file extends that tool's own or not; `disable` switches off what is not wanted")
	}
	if e.Path != "" {
		g.note("extend.path", "the file that this one extends is not read: import it too, and name the result in `extends`")
	}
	if e.URL != "" {
		g.note("extend.url", "the URL that this one extends is not read: import it too, and name the result in `extends`")
	}
	for i, id := range e.DisabledRules {
		if ours, ok := g.known(id); ok {
			g.disable = append(g.disable, ours)
		} else {
			g.note(joinIndex("extend.disabledrules", i), "no rule here is called %q", id)
		}
	}
}

// known returns our id for theirs, if there is such a rule.
func (g *gitleaks) known(id string) (string, bool) {
	if ours, ok := g.ids[id]; ok {
		return ours, true
	}
	return id, slices.Contains(g.builtin, id)
}

// newID makes an id of ours, and one that is free.
func (g *gitleaks) newID(id string) string {
	ours := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, id), "-")
	for ours == "" || slices.Contains(g.builtin, ours) || g.taken(ours) {
		ours = strings.TrimSuffix("local-"+ours, "-")
	}
	return ours
}

func (g *gitleaks) taken(id string) bool {
	for _, ours := range g.ids {
		if ours == id {
			return true
		}
	}
	return false
}

func (g *gitleaks) rule(at string, r *gitleaksRule) {
	groups := 0
	switch {
	case r.Regex == "" && r.Path != "":
		g.note(at, "rule %q judges files by their names alone, which no rule here does", r.ID)
		return
	case r.Regex == "":
		if _, ok := g.known(r.ID); !ok {
			g.note(at, "rule %q changes one of that tool's own, and none here has this id", r.ID)
			return
		}
	default:
		var ok bool
		if groups, ok = g.own(at, r); !ok {
			return
		}
	}
	lists := r.Allowlists
	if r.Allowlist != nil {
		lists = append(lists, *r.Allowlist)
	}
	for i := range lists {
		path := at + ".allowlist"
		if i < len(r.Allowlists) {
			path = joinIndex(at+".allowlists", i)
		}
		g.allow(path, &lists[i], &target{r.ID, r.Regex != "" && groups == 0})
	}
}

// own carries a rule over, and returns how many groups its regex has.
func (g *gitleaks) own(at string, r *gitleaksRule) (groups int, ok bool) {
	re, err := syntax.Parse(r.Regex, syntax.Perl)
	if err != nil {
		g.note(at+".regex", "rule %q: the regex does not compile", r.ID)
		return 0, false
	}
	groups = re.MaxCap()
	regex := r.Regex
	if r.SecretGroup > 1 {
		if regex, ok = nameGroup(r.Regex, r.SecretGroup); !ok {
			g.note(at+".secretgroup", "rule %q: the regex has no group %d", r.ID, r.SecretGroup)
			return 0, false
		}
	}
	id := g.newID(r.ID)
	if id != r.ID {
		g.note(at, "rule %q is called %q here", r.ID, id)
	}
	ours := scanner.Rule{ID: id, Regex: regex, Entropy: r.Entropy}
	if _, err := scanner.Compile([]scanner.Rule{ours}, scanner.Options{}); err != nil {
		g.note(at, "%v", err)
		return 0, false
	}
	g.ids[r.ID] = id
	if r.Path != "" {
		g.note(at+".path", "rule %q looks in all files here, not only in those of its path", r.ID)
	}
	if len(r.Required) > 0 {
		g.note(at+".required", "rule %q reports without the others that it requires", r.ID)
	}
	if r.SkipReport {
		g.note(at+".skipreport", "rule %q reports what it finds", r.ID)
	}
	t := tomlTable{{"id", id}, {"kind", r.Description}, {"regex", regex}}
	if r.Entropy > 0 {
		t = append(t, tomlPair{"entropy", r.Entropy})
	}
	g.rules = append(g.rules, t)
	return groups, true
}

// nameGroup calls the group of that number "secret".
func nameGroup(regex string, number int) (string, bool) {
	class := false
	for i := 0; i < len(regex); i++ {
		switch c := regex[i]; {
		case c == '\\':
			i++
		case class:
			class = c != ']'
		case c == '[':
			class = true
			if i+1 < len(regex) && regex[i+1] == '^' {
				i++
			}
			if i+1 < len(regex) && regex[i+1] == ']' {
				i++
			}
		case c == '(':
			named := strings.HasPrefix(regex[i:], "(?P<") || strings.HasPrefix(regex[i:], "(?<")
			if !named && strings.HasPrefix(regex[i:], "(?") {
				continue
			}
			if number--; number > 0 {
				continue
			}
			rest := regex[i+1:]
			if named {
				rest = rest[strings.IndexByte(rest, '>')+1:]
			}
			out := regex[:i] + "(?P<secret>" + rest
			_, err := syntax.Parse(out, syntax.Perl)
			return out, err == nil
		}
	}
	return "", false
}

// target is the rule that an allowlist belongs to.
type target struct {
	id    string
	whole bool // its secret is the whole match
}

// allow carries an allowlist over: as one entry where all its conditions must hold,
// as one for each kind where any will do.
func (g *gitleaks) allow(at string, a *gitleaksAllow, of *target) {
	rules, ok := g.targets(at, a, of)
	if !ok {
		return
	}
	var kinds []tomlPair
	lost := false
	add := func(key string, values []string) {
		if len(values) > 0 {
			kinds = append(kinds, tomlPair{key, values})
		}
	}
	add("path_regexes", a.Paths)
	switch target := strings.ToLower(a.RegexTarget); {
	case len(a.Regexes) == 0:
	case target == "" || target == "secret" || target == "match" && of != nil && of.whole:
		add("regexes", a.Regexes)
	default:
		g.note(at+".regexes", "regexes for the %s are not carried over: here they are tried on the secret", target)
		lost = true
	}
	add("stopwords", a.Stopwords)
	if len(a.Commits) > 0 {
		g.note(at+".commits", "commits are not carried over: accept what they hold with `shrike baseline`")
		lost = true
	}
	reason := a.Description
	if strings.TrimSpace(reason) == "" {
		reason = "allowed in " + g.from
	}
	entry := func(pairs ...tomlPair) {
		t := tomlTable(pairs)
		if len(rules) > 0 {
			t = append(t, tomlPair{"rules", rules})
		}
		g.allows = append(g.allows, append(t, tomlPair{"reason", reason}))
	}
	switch condition := strings.ToUpper(a.Condition); {
	case (condition == "AND" || condition == "&&") && lost:
		g.note(at, "without one of its conditions the allowlist would hide more: it is left out")
	case (condition == "AND" || condition == "&&") && len(kinds) > 0:
		entry(kinds...)
	default:
		for _, kind := range kinds {
			entry(kind)
		}
	}
}

// targets returns our ids of the rules that an allowlist is for; none for all.
func (g *gitleaks) targets(at string, a *gitleaksAllow, of *target) (rules []string, ok bool) {
	if of != nil {
		id, _ := g.known(of.id)
		return []string{id}, true
	}
	for i, id := range a.TargetRules {
		if ours, ok := g.known(id); ok {
			rules = append(rules, ours)
		} else {
			g.note(joinIndex(at+".targetrules", i), "no rule here is called %q", id)
		}
	}
	return rules, len(rules) > 0 || len(a.TargetRules) == 0
}

// text writes what was carried over.
func (g *gitleaks) text() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "# Made from %s by `shrike config import`.\n", printable(g.from))
	for _, note := range g.notes {
		fmt.Fprintf(&b, "# - %s\n", printable(note))
	}
	if len(g.disable) > 0 {
		b.WriteByte('\n')
		tomlPair{"disable", g.disable}.write(&b)
	}
	for _, t := range g.rules {
		t.write(&b, "rules")
	}
	for _, t := range g.allows {
		t.write(&b, "allow")
	}
	return []byte(b.String())
}
