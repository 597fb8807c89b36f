package verify

import (
	"context"
	"errors"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// The calls of deep questions, in their order. All of them read.
const (
	callLastUsed = "iam:GetAccessKeyLastUsed"
	callKeys     = "iam:ListAccessKeys"
	callAttached = "iam:ListAttachedUserPolicies"
	callInline   = "iam:ListUserPolicies"
	callGroups   = "iam:ListGroupsForUser"
)

// DeepCalls lists the calls that STSOptions.Deep makes with each live key of an IAM
// user, besides sts:GetCallerIdentity.
func DeepCalls() []string {
	return []string{callLastUsed, callKeys, callAttached, callInline, callGroups}
}

// allRights are the managed policies of AWS that give every right in an account, or
// the right to take it.
var allRights = []string{"AdministratorAccess", "IAMFullAccess", "PowerUserAccess"}

// RightsDetail is the detail of a verdict that names how a key has every right.
const RightsDetail = "all rights"

// noPolicies stands for the policies of a user who has none and is in no group.
const noPolicies = "none"

// maxNames bounds how many policies, groups or keys a verdict names.
const maxNames = 20

// deepen adds to the verdict of a live key what IAM says of its owner, as far as the
// key may ask. What it may not ask is named too.
func (s *STS) deepen(ctx context.Context, k pair, v *scanner.Verdict) {
	arn := detail(v.Details, "arn")
	add := func(name, value string) {
		if value != "" {
			v.Details = append(v.Details, scanner.Detail{Name: name, Value: value})
		}
	}
	user, isUser := userOf(arn)
	if !isUser {
		if arn != "" && !strings.HasSuffix(arn, ":root") {
			add("key kind", "temporary: a session, which ends by itself")
		}
		return
	}
	if isTemporary(k.id) {
		add("key kind", "temporary: a session of an IAM user, who lasts")
	} else {
		add("key kind", "long-lived: of an IAM user")
	}
	d := &deepAnswers{client: s.iam(arn, k)}
	byUser := url.Values{"UserName": {user}}

	if used, ok := d.ask(ctx, callLastUsed, url.Values{"AccessKeyId": {k.id}}); ok {
		add("last used", lastUse(used.LastUsed.Used))
	}
	if keys, ok := d.ask(ctx, callKeys, byUser); ok {
		var others []string
		for _, key := range keys.Keys {
			if key.ID == k.id {
				add("key status", iamName(key.Status))
				add("key created", day(key.Created))
			} else if isKeyID(key.ID) {
				others = append(others, strings.TrimSpace(key.ID+" "+iamName(key.Status)))
			}
		}
		add("other keys", outline(others))
	}
	attached, toldAttached := d.ask(ctx, callAttached, byUser)
	inline, toldInline := d.ask(ctx, callInline, byUser)
	groups, toldGroups := d.ask(ctx, callGroups, byUser)
	var policies, powers, inlined, grouped []string
	for _, policy := range attached.Attached {
		name := iamName(policy.ARN[strings.LastIndexByte(policy.ARN, '/')+1:])
		policies = append(policies, name)
		if strings.Contains(policy.ARN, ":iam::aws:policy/") && slices.Contains(allRights, name) {
			powers = append(powers, name)
		}
	}
	for _, name := range inline.Inline {
		inlined = append(inlined, iamName(name))
	}
	for _, group := range groups.Groups {
		grouped = append(grouped, iamName(group.Name))
	}
	if toldAttached && toldInline && toldGroups && len(policies)+len(inlined)+len(grouped) == 0 {
		policies = []string{noPolicies}
	}
	add("policies", outline(policies))
	add("inline policies", outline(inlined))
	add("groups", outline(grouped))
	add(RightsDetail, outline(powers))
	add("may not ask", strings.Join(d.denied, ", "))
	add("no answer", strings.Join(d.failed, ", "))
	v.Call = strings.Join(append([]string{v.Call}, d.made...), ", ")
}

// deepAnswers keeps what became of each call.
type deepAnswers struct {
	client               *iamClient
	made, denied, failed []string
}

// ask makes a call of DeepCalls.
func (d *deepAnswers) ask(ctx context.Context, call string, parameters url.Values) (iamAnswer, bool) {
	d.made = append(d.made, call)
	answer, err := d.client.call(ctx, strings.TrimPrefix(call, "iam:"), parameters)
	switch {
	case err == nil:
		return answer, true
	case errors.Is(err, errMayNotAsk):
		d.denied = append(d.denied, call)
	default:
		d.failed = append(d.failed, call+" ("+err.Error()+")")
	}
	return iamAnswer{}, false
}

// iam returns the client of the partition that an ARN belongs to.
func (s *STS) iam(arn string, k pair) *iamClient {
	p := partitions[0]
	for _, other := range partitions {
		if strings.HasPrefix(arn, "arn:"+other.name+":") {
			p = other
		}
	}
	c := &iamClient{http: s.http, url: "https://" + p.iam + "/", region: p.signed, key: k}
	if s.options.Endpoint != "" {
		c.url = s.options.Endpoint
	}
	return c
}

// userOf is the name of the IAM user that an ARN is of: the part after the last
// slash, for a path may stand before it.
func userOf(arn string) (string, bool) {
	_, user, found := strings.Cut(arn, ":user/")
	return user[strings.LastIndexByte(user, '/')+1:], found
}

var iamNames = sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(`^[\w+=,.@ -]{1,128}$`) })

// iamName passes on names as IAM allows them, and nothing else of an answer.
func iamName(name string) string {
	if iamNames().MatchString(name) {
		return name
	}
	return "?"
}

func outline(names []string) string {
	more := ""
	if len(names) > maxNames {
		names, more = names[:maxNames], ", ..."
	}
	return strings.Join(names, ", ") + more
}

func lastUse(u keyUsed) string {
	if u.Date.IsZero() {
		return "never"
	}
	use := day(u.Date) + " for " + iamName(u.Service) + " in " + iamName(u.Region)
	if day(u.Date) == day(time.Now()) {
		use += ", perhaps by this very check"
	}
	return use
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format(time.DateOnly)
}

func detail(list []scanner.Detail, name string) string {
	if i := slices.IndexFunc(list, func(d scanner.Detail) bool { return d.Name == name }); i >= 0 {
		return list[i].Value
	}
	return ""
}
