package verify

import (
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"net/http"
	"slices"
	"syscall"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// HTTPOptions configure the HTTP checks.
type HTTPOptions struct {
	// Own are checks of a configuration by rule id. They call no host but those that
	// Hosts names, for the configuration may be a stranger's.
	Own map[string]*scanner.HTTPCheck

	Hosts       HostList // nil: those of the built-in checks
	Connections int      // kept open a host; default 8
}

// HTTP makes the declarative checks. Safe for concurrent use; Close it after the
// last.
type HTTP struct {
	hosts  HostList
	client *client
	do     func(*http.Request) (*http.Response, error)
	pace   *pacer
	byRule map[string]*check
}

// NewHTTP reads the built-in checks and takes over own ones. It contacts nobody. A
// check that ValidateHTTP refuses is an error.
func NewHTTP(o HTTPOptions) (*HTTP, error) {
	if o.Connections <= 0 {
		o.Connections = 8
	}
	h := &HTTP{hosts: o.Hosts, client: newClient(o.Connections, o.Hosts.Names), pace: newPacer(), byRule: map[string]*check{}}
	h.do = h.client.Do
	builtin, err := Checks()
	if err != nil {
		return nil, err
	}
	for i := range builtin {
		c, key, err := compileCheck(&builtin[i].HTTPCheck)
		if err != nil {
			return nil, fmt.Errorf("check of %s: %s: %w", builtin[i].Rules[0], key, err)
		}
		for _, id := range builtin[i].Rules {
			h.byRule[id] = c
		}
	}
	for _, id := range slices.Sorted(maps.Keys(o.Own)) {
		c, key, err := compileCheck(o.Own[id])
		if err != nil {
			return nil, fmt.Errorf("check of %s: %s: %w", id, key, err)
		}
		c.named = true
		h.byRule[id] = c
	}
	return h, nil
}

// Verifiers returns a verifier for each rule that has a check, by its id.
func (h *HTTP) Verifiers() map[string]Verifier {
	all := make(map[string]Verifier, len(h.byRule))
	for id, c := range h.byRule {
		all[id] = httpVerifier{h, c}
	}
	return all
}

// Close drops idle connections.
func (h *HTTP) Close() { h.client.close() }

// httpVerifier is the verifier of one check.
type httpVerifier struct {
	*HTTP
	check *check
}

// values looks up what stands for the placeholders of a check. ok is false where
// the secret has not the shape that the check splits it by.
func (c *check) values(cred Credential) (value func(name string) string, ok bool) {
	var groups []string
	if c.split != nil {
		if groups = c.split.FindStringSubmatch(cred.Secret.Reveal()); groups == nil {
			return nil, false
		}
	}
	return func(name string) string {
		if name == holeSecret {
			return cred.Secret.Reveal()
		}
		if c.split != nil {
			if i := c.split.SubexpIndex(name); i >= 0 {
				return groups[i]
			}
		}
		return cred.part(name)
	}, true
}

// Complete reports whether all parts that the request takes are there.
func (v httpVerifier) Complete(cred Credential) bool {
	value, ok := v.check.values(cred)
	return ok && cred.Secret.Len() > 0 && len(v.check.hosts(value)) > 0 &&
		!slices.ContainsFunc(v.check.needs, func(name string) bool { return value(name) == "" })
}

// Hosts returns those of the check's hosts that the user allows.
func (v httpVerifier) Hosts(cred Credential) []string {
	var hosts []string
	for _, c := range v.check.candidates(cred) {
		if value, ok := v.check.values(c); ok {
			hosts = slices.AppendSeq(hosts, slices.Values(v.check.hosts(value)))
		}
	}
	hosts = slices.DeleteFunc(hosts, func(host string) bool { return !v.mayCall(host) })
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

func (v httpVerifier) mayCall(host string) bool {
	return v.hosts.Allows(host) && (!v.check.named || v.hosts.Names(host))
}

// candidates are a credential with the other half that stands nearest, and then
// with each of the others near it.
func (c *check) candidates(cred Credential) []Credential {
	list := []Credential{cred}
	for _, other := range cred.Others {
		if i := slices.IndexFunc(cred.Parts, func(p scanner.Part) bool { return p.Name == other.Name }); i >= 0 && slices.Contains(c.needs, other.Name) {
			next := cred
			next.Parts = slices.Clone(cred.Parts)
			next.Parts[i] = other
			list = append(list, next)
		}
	}
	return list
}

// Verify asks the check's hosts in their order, about the credential with each half
// that may be its own, until one knows it. It is dead when all refuse it.
func (v httpVerifier) Verify(ctx context.Context, cred Credential) scanner.Verdict {
	verdict := unknown("the credential has not the shape that its check expects")
	first := true
	for _, c := range v.check.candidates(cred) {
		value, ok := v.check.values(c)
		if !ok {
			continue
		}
		for _, host := range v.check.hosts(value) {
			var next scanner.Verdict
			if v.mayCall(host) {
				next = v.ask(ctx, host, value, secretsOf(c))
			} else {
				next = v.refused(host)
			}
			if next.State == Live {
				return next
			}
			if first || verdict.State == Dead {
				verdict, first = next, false
			}
		}
	}
	return verdict
}

func (v httpVerifier) refused(host string) scanner.Verdict {
	if v.check.named {
		return unknown("its check is the configuration's own, and calls only hosts that are named by --verify-hosts: " + host + " is not")
	}
	return unknown(host + " is not among the hosts that may be contacted")
}

// secretsOf lists what no report may repeat.
func secretsOf(cred Credential) []string {
	list := []string{cred.Secret.Reveal()}
	for _, p := range cred.Parts {
		if !p.Public && p.Value.Len() > 0 {
			list = append(list, p.Value.Reveal())
		}
	}
	return list
}

// attempts is how often one host is asked, for the requests are read-only.
const attempts = 3

// ask makes the request to one host, again where it might do better then.
func (v httpVerifier) ask(ctx context.Context, host string, value func(string) string, secrets []string) scanner.Verdict {
	var verdict scanner.Verdict
	for attempt := 1; ; attempt++ {
		var pause time.Duration
		verdict, pause = v.askOnce(ctx, host, value, secrets)
		if pause == 0 || pause > maxPause || attempt == attempts {
			break
		}
		if left, ok := ctx.Deadline(); ok && time.Until(left) < pause {
			break
		}
		if v.pace.sleep(ctx, pause) != nil {
			break
		}
	}
	verdict.Call = v.check.call(host)
	return verdict
}

// askOnce makes one request. pause is how long to wait before the next; 0 when
// there is to be none.
func (v httpVerifier) askOnce(ctx context.Context, host string, value func(string) string, secrets []string) (verdict scanner.Verdict, pause time.Duration) {
	request, err := v.check.request(ctx, host, value)
	if err != nil {
		return unknown(err.Error()), 0
	}
	if err := v.pace.wait(ctx, host); err != nil {
		return unknown(host + ": " + networkReason(err)), 0
	}
	response, err := v.do(request)
	if err != nil {
		return unknown(host + ": " + networkReason(err)), retryPause(err)
	}
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	if err != nil {
		return unknown(host + ": " + networkReason(err)), retryPause(err)
	}
	switch status := response.StatusCode; {
	case status == http.StatusTooManyRequests:
		pause = retryAfter(response.Header, time.Now())
		v.pace.hold(host, pause)
	case status >= 500:
		pause = 500 * time.Millisecond
	}
	return v.check.judge(host, newAnswer(response.StatusCode, response.Header, body), secrets), pause
}

// retryPause is for connections that broke: another may hold.
func retryPause(err error) time.Duration {
	if errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return 200 * time.Millisecond
	}
	return 0
}
