package verify

import (
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/shrike-scan/shrike/scanner"
)

// judge says what an answer means. It repeats nothing of the answer but what Who
// names of a live one.
func (c *check) judge(host string, a *answer, secrets []string) scanner.Verdict {
	find := func(answers []scanner.HTTPAnswer) *scanner.HTTPAnswer {
		if i := slices.IndexFunc(answers, func(want scanner.HTTPAnswer) bool { return a.fits(&want) }); i >= 0 {
			return &answers[i]
		}
		return nil
	}
	if fit := find(c.Live); fit != nil {
		verdict := scanner.Verdict{State: Live, Reason: fit.Reason}
		for _, name := range slices.Sorted(maps.Keys(c.Who)) {
			if text := a.shown(c.Who[name], secrets); text != "" {
				verdict.Details = append(verdict.Details, scanner.Detail{Name: name, Value: text})
			}
		}
		return verdict
	}
	if fit := find(c.Dead); fit != nil {
		reason := fit.Reason
		if reason == "" {
			reason = "it does not accept the credential"
		}
		return dead(fmt.Sprintf("%s answered %d: %s", host, a.status, reason))
	}
	if fit := find(c.Unknown); fit != nil {
		return unknown(fmt.Sprintf("%s answered %d: %s", host, a.status, fit.Reason))
	}
	return unknown(host + statusReason(a.status))
}

// statusReason says of an answer that the provider does not document.
func statusReason(status int) string {
	switch {
	case status == http.StatusTooManyRequests:
		return " answered 429: too many requests, try again later"
	case status >= 500:
		return fmt.Sprintf(" answered %d: out of order, try again later", status)
	case status >= 300 && status < 400:
		return fmt.Sprintf(" answered %d, a redirect, which is not followed", status)
	case status >= 200 && status < 300:
		return fmt.Sprintf(" answered %d with something that is not the provider's: a proxy or a captive portal, perhaps", status)
	}
	return fmt.Sprintf(" answered %d in a way that the provider does not document", status)
}
