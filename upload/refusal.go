package upload

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// networkError is a request that got no answer.
type networkError struct{ error }

func (e *networkError) Unwrap() error { return e.error }

// Refusal is an answer of GitHub's that is no success.
type Refusal struct {
	Status  int    // HTTP status
	Message string // GitHub's own words, without the token
	Hint    string // what to do about it; may be empty

	wait    time.Duration // that GitHub asks for
	limited bool          // a rate limit, which passes
}

func (r *Refusal) Error() string {
	text := fmt.Sprintf("GitHub answers %d %s", r.Status, http.StatusText(r.Status))
	if r.Message != "" {
		text += fmt.Sprintf(" (%q)", r.Message)
	}
	if r.Hint != "" {
		text += ": " + r.Hint
	}
	return text
}

// hints say what the documented answers mean for the user.
var hints = map[int]string{
	http.StatusBadRequest:            "it does not take the SARIF file",
	http.StatusUnauthorized:          "the token is wrong or has ended",
	http.StatusForbidden:             "the token needs `security_events` (in a workflow: `permissions: security-events: write`), and the repository needs code scanning switched on; pull requests from forks may not upload",
	http.StatusNotFound:              "there is no such repository, or the token may not see it",
	http.StatusRequestEntityTooLarge: "the file is too large: report fewer findings with --min-severity",
	http.StatusUnprocessableEntity:   "the commit or the ref is not known there: push it first",
}

// maxMessage is how much of GitHub's words an error repeats, in bytes.
const maxMessage = 500

func (c *Client) refusal(response *http.Response, body []byte) *Refusal {
	var answer struct {
		Message string `json:"message"`
	}
	_ = json.Unmarshal(body, &answer) // a proxy answers in HTML; the status says enough then
	message := strings.ReplaceAll(answer.Message, c.token, "[token]")
	r := &Refusal{
		Status:  response.StatusCode,
		Message: message[:min(len(message), maxMessage)],
		Hint:    hints[response.StatusCode],
	}
	after := response.Header.Get("Retry-After")
	if seconds, err := strconv.Atoi(after); err == nil && seconds >= 0 {
		r.wait = time.Duration(seconds) * time.Second
	} else if at, err := http.ParseTime(after); err == nil {
		r.wait = max(time.Until(at), 0)
	}
	// GitHub answers 403 for its rate limits too.
	r.limited = r.Status == http.StatusTooManyRequests ||
		r.Status == http.StatusForbidden && (after != "" || response.Header.Get("X-Ratelimit-Remaining") == "0")
	if r.limited {
		r.Hint = "too many requests for now"
	}
	return r
}

const (
	maxAttempts = 5
	maxWait     = 2 * time.Minute // before one retry: a pipeline should fail rather than hang
)

// retryAfter says whether to try again after the nth attempt failed with err, and
// how long to wait before that: as long as GitHub asks, else 1, 2, 4 ... seconds.
func retryAfter(err error, attempt int) (time.Duration, bool) {
	wait := time.Second << (attempt - 1)
	refusal, answered := errors.AsType[*Refusal](err)
	if answered {
		if refusal.Status < 500 && !refusal.limited {
			return 0, false
		}
		wait = max(wait, refusal.wait)
	}
	return wait, attempt < maxAttempts && wait <= maxWait
}
