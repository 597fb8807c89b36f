package verify

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"regexp"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// The placeholders that are no part of the credential.
const (
	holeSecret = "secret"
	holeHost   = "host"
)

// check is a scanner.HTTPCheck made ready.
type check struct {
	*scanner.HTTPCheck
	method  string
	split   *regexp.Regexp // nil without
	near    []nearPattern
	address address
	headers []namedTemplate
	form    []namedTemplate
	basic   bool
	user    template
	pass    template
	needs   []string // parts of the credential that the request takes
	named   bool     // contacts hosts alone that the user names
}

type namedTemplate struct {
	name string
	text template
}

// ValidateHTTP says what is wrong with a check, and at which of its keys: a
// request that could change something or reach another host than it seems, a live verdict
// without a proof in the answer, a dead one that a proxy could give, an example that has
// another state than it says.
func ValidateHTTP(h *scanner.HTTPCheck) (key string, err error) {
	c, key, err := compileCheck(h)
	if err != nil {
		return key, err
	}
	for i := range h.Examples {
		if err := c.tryExample(&h.Examples[i]); err != nil {
			return fmt.Sprintf("examples[%d]", i), err
		}
	}
	return "", nil
}

func compileCheck(h *scanner.HTTPCheck) (c *check, key string, err error) {
	c = &check{HTTPCheck: h, method: h.Method}
	for _, step := range []struct {
		key string
		do  func() error
	}{
		{"source", c.checkSource}, {"method", c.checkMethod}, {"split", c.compileSplit}, {"near", c.compileNear},
		{"url", c.compileURL}, {"hosts", c.checkHosts}, {"headers", c.compileHeaders},
		{"user", c.compileBasic}, {"form", c.compileForm}, {"body", c.checkBody},
	} {
		if err := step.do(); err != nil {
			return nil, step.key, err
		}
	}
	if key, err := c.checkAnswers(); err != nil {
		return nil, key, err
	}
	for name, path := range h.Who {
		if name == "" || path == "" {
			return nil, "who", errors.New("want a name and a field")
		}
	}
	slices.Sort(c.needs)
	c.needs = slices.Compact(c.needs)
	return c, "", nil
}

func (c *check) checkSource() error {
	if c.Source != "" && !strings.HasPrefix(c.Source, "https://") {
		return errors.New("want the https URL of the provider's documentation")
	}
	return nil
}

func (c *check) checkMethod() error {
	switch c.method {
	case "":
		c.method = http.MethodGet
	case http.MethodGet, http.MethodHead:
	case http.MethodPost:
		if c.ReadOnly == "" {
			return errors.New(`a POST says under "read-only" why it changes nothing`)
		}
	default:
		return errors.New("want GET, HEAD or POST: a check changes nothing")
	}
	return nil
}

func (c *check) compileSplit() (err error) {
	if c.Split == "" {
		return nil
	}
	c.split, err = regexp.Compile(`^(?:` + c.Split + `)$`)
	if err != nil {
		return errors.New("it is no regular expression")
	}
	return nil
}

func (c *check) compileNear() error {
	for _, name := range slices.Sorted(maps.Keys(c.Near)) {
		pattern, err := regexp.Compile(c.Near[name])
		if err != nil || pattern.NumSubexp() != 1 || !isPartName(name) {
			return fmt.Errorf("%s: want the name of a part, and a regular expression with one group", name)
		}
		c.near = append(c.near, nearPattern{name, pattern})
	}
	return nil
}

// template parses a text and notes the parts it takes.
func (c *check) template(text string) (template, error) {
	t, err := parseTemplate(text)
	if err != nil {
		return nil, err
	}
	return t, c.note(t)
}

func (c *check) note(t template) error {
	for _, p := range t {
		switch {
		case !p.hole || p.text == holeSecret:
		case p.text == holeHost:
			return errors.New("{host} stands for the URL's host alone")
		case c.split == nil || c.split.SubexpIndex(p.text) < 0:
			c.needs = append(c.needs, p.text)
		}
	}
	return nil
}

func (c *check) compileURL() (err error) {
	if c.address, err = parseAddress(c.URL); err != nil {
		return err
	}
	if h := c.address.host; len(h) != 1 {
		if h[0].text == holeSecret {
			return errors.New("a host never holds the secret")
		}
		err = c.note(h)
	}
	return errors.Join(err, c.note(c.address.path), c.note(c.address.query))
}

func (c *check) checkHosts() error {
	if c.isListed() != (len(c.Hosts) > 0) {
		return errors.New("hosts and {host} need each other")
	}
	for _, host := range c.Hosts {
		if err := checkHostName(host); err != nil {
			return err
		}
	}
	return nil
}

// isListed reports whether the host is one of a list.
func (c *check) isListed() bool { return c.address.host[0].hole && c.address.host[0].text == holeHost }

func (c *check) compileHeaders() error {
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		switch key := textproto.CanonicalMIMEHeaderKey(name); key {
		case "Host", "Connection", "Content-Length", "Transfer-Encoding", "Upgrade", "Te", "Trailer", "Expect", "Cookie":
			return fmt.Errorf("a check does not set %s", key)
		}
		if name == "" || strings.Trim(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-") != "" {
			return fmt.Errorf("%q is no name of a header", name)
		}
		if !isHeaderValue(c.Headers[name]) {
			return fmt.Errorf("%s: want visible ASCII characters and inner blanks", name)
		}
		t, err := c.template(c.Headers[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.headers = append(c.headers, namedTemplate{name, t})
	}
	return nil
}

func isHeaderValue(text string) bool {
	for i := range len(text) {
		if text[i] < ' ' || text[i] >= 0x7f {
			return false
		}
	}
	return strings.TrimSpace(text) == text
}

func (c *check) compileBasic() (err error) {
	if c.basic = c.User != "" || c.Password != ""; !c.basic {
		return nil
	}
	if _, set := c.Headers["Authorization"]; set {
		return errors.New("basic auth and the header Authorization exclude each other")
	}
	if c.user, err = c.template(c.User); err != nil {
		return err
	}
	c.pass, err = c.template(c.Password)
	return err
}

func (c *check) compileForm() error {
	if len(c.Form) > 0 && (c.method != http.MethodPost || c.Body != "") {
		return errors.New("a form goes with POST, and without a body")
	}
	for _, name := range slices.Sorted(maps.Keys(c.Form)) {
		t, err := c.template(c.Form[name])
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		c.form = append(c.form, namedTemplate{name, t})
	}
	return nil
}

func (c *check) checkBody() error {
	if c.Body != "" && c.method != http.MethodPost {
		return errors.New("a body goes with POST")
	}
	return nil
}

// checkAnswers wants a proof for live, which no portal gives that answers alike to
// everything, and the provider's own refusal for dead.
func (c *check) checkAnswers() (key string, err error) {
	if len(c.Live) == 0 {
		return "live", errors.New("want an answer that means live")
	}
	for _, group := range []struct {
		key     string
		answers []scanner.HTTPAnswer
		check   func(*scanner.HTTPAnswer) error
	}{
		{"live", c.Live, func(a *scanner.HTTPAnswer) error {
			if len(a.Has)+len(a.Is) == 0 {
				return errors.New(`live needs a proof in the answer: name fields under "has" or "is"`)
			}
			return nil
		}},
		{"dead", c.Dead, func(a *scanner.HTTPAnswer) error {
			if len(a.Has)+len(a.Is) == 0 && !slices.Equal(a.Status, []int{http.StatusUnauthorized}) {
				return errors.New(`dead needs status 401, or the provider's error under "has" or "is"`)
			}
			return nil
		}},
		{"unknown", c.Unknown, func(a *scanner.HTTPAnswer) error {
			if a.Reason == "" {
				return errors.New("unknown needs a reason")
			}
			return nil
		}},
	} {
		for i := range group.answers {
			a := &group.answers[i]
			key := fmt.Sprintf("%s[%d]", group.key, i)
			if len(a.Status) == 0 {
				return key, errors.New("want a status")
			}
			for _, status := range a.Status {
				if status < 200 || status > 499 || status/100 == 3 || status == http.StatusTooManyRequests || status == http.StatusProxyAuthRequired {
					return key + ".status", fmt.Errorf("status %d says nothing of a credential", status)
				}
			}
			if err := group.check(a); err != nil {
				return key, err
			}
		}
	}
	return "", nil
}

// tryExample judges an example as if the provider had sent it.
func (c *check) tryExample(e *scanner.HTTPExample) error {
	header := http.Header{}
	for name, value := range e.Headers {
		header.Set(name, value)
	}
	verdict := c.judge("the host", newAnswer(e.Status, header, []byte(e.Body)), nil)
	if verdict.State != e.State {
		return fmt.Errorf("it says %q, and the check says %q: %s", e.State, verdict.State, verdict.Reason)
	}
	var who []scanner.Detail
	for _, name := range slices.Sorted(maps.Keys(e.Who)) {
		who = append(who, scanner.Detail{Name: name, Value: e.Who[name]})
	}
	if !slices.Equal(who, verdict.Details) {
		return fmt.Errorf("it says who is %v, and the check says %v", who, verdict.Details)
	}
	return nil
}
