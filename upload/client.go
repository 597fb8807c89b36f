package upload

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"time"
)

// Options say whom to ask, and how patiently.
type Options struct {
	BaseURL string // of the REST API; empty: https://api.github.com
	Token   string // with the scope security_events; never part of an error
	Agent   string // User-Agent, which GitHub wants

	Client   *http.Client                               // nil: one with a time limit for each request
	Sleep    func(context.Context, time.Duration) error // nil: waits; tests do not
	Patience time.Duration                              // for the processing; zero: 5 minutes
}

// Client speaks to code scanning. Safe for concurrent use.
type Client struct {
	base     *url.URL
	token    string
	agent    string
	http     *http.Client
	sleep    func(context.Context, time.Duration) error
	patience time.Duration
}

const (
	publicAPI      = "https://api.github.com"
	apiVersion     = "2022-11-28"
	requestTimeout = 2 * time.Minute
	patience       = 5 * time.Minute
)

// New checks the options. A token goes over TLS, or to this machine.
func New(o Options) (*Client, error) {
	if o.Token == "" {
		return nil, errors.New("no token: set GITHUB_TOKEN to one that may write security events")
	}
	if strings.ContainsFunc(o.Token, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
		return nil, errors.New("the token holds a character that no token has, perhaps a newline at its end")
	}
	if o.BaseURL == "" {
		o.BaseURL = publicAPI
	}
	base, err := url.Parse(o.BaseURL)
	if err != nil || base.Host == "" {
		return nil, fmt.Errorf("the API's address %q is no URL such as %s", o.BaseURL, publicAPI)
	}
	if base.Scheme != "https" && (base.Scheme != "http" || !isLoopback(base.Hostname())) {
		return nil, fmt.Errorf("the API's address %q must begin with https:// so that the token stays secret", o.BaseURL)
	}
	c := &Client{base: base, token: o.Token, agent: o.Agent, http: o.Client, sleep: o.Sleep, patience: o.Patience}
	if c.http == nil {
		c.http = &http.Client{Timeout: requestTimeout}
	}
	if c.sleep == nil {
		c.sleep = sleep
	}
	if c.patience == 0 {
		c.patience = patience
	}
	return c, nil
}

func isLoopback(host string) bool {
	address, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && address.IsLoopback()
}

func sleep(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}

// Send uploads an analysis of the target and returns the upload's id. It tries
// again after what may pass.
func (c *Client) Send(ctx context.Context, t Target, a *Analysis) (id string, err error) {
	if err := t.Validate(); err != nil {
		return "", err
	}
	body, err := json.Marshal(map[string]string{
		"commit_sha": t.Commit,
		"ref":        t.Ref,
		"sarif":      a.encoded,
		"tool_name":  "shrike",
	})
	if err != nil {
		return "", err
	}
	var answer struct {
		ID string `json:"id"`
	}
	if err := c.call(ctx, http.MethodPost, t.path(), body, &answer); err != nil {
		return "", err
	}
	if answer.ID == "" {
		return "", errors.New("GitHub took the file and gave it no id")
	}
	return answer.ID, nil
}

// call makes a request, with retries, and decodes the answer.
func (c *Client) call(ctx context.Context, method, path string, body []byte, into any) error {
	for attempt := 1; ; attempt++ {
		answer, err := c.once(ctx, method, path, body)
		if err == nil {
			if err := json.Unmarshal(answer, into); err != nil {
				return fmt.Errorf("%s %s: the answer is no JSON: %w", method, c.base.JoinPath(path), err)
			}
			return nil
		}
		wait, again := retryAfter(err, attempt)
		if !again || ctx.Err() != nil {
			return err
		}
		if err := c.sleep(ctx, wait); err != nil {
			return err
		}
	}
}

// maxAnswer bounds what is read of an answer, in bytes.
const maxAnswer = 1 << 20

func (c *Client) once(ctx context.Context, method, path string, body []byte) ([]byte, error) {
	address := c.base.JoinPath(path).String()
	request, err := http.NewRequestWithContext(ctx, method, address, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Accept", "application/vnd.github+json")
	request.Header.Set("Authorization", "Bearer "+c.token)
	request.Header.Set("User-Agent", c.agent)
	request.Header.Set("X-GitHub-Api-Version", apiVersion)
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	response, err := c.http.Do(request)
	if err != nil {
		return nil, &networkError{err}
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxAnswer))
	if err != nil {
		return nil, &networkError{fmt.Errorf("%s %s: %w", method, address, err)}
	}
	if response.StatusCode/100 != 2 {
		return nil, c.refusal(response, answer)
	}
	return answer, nil
}
