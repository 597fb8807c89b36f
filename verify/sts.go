package verify

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	"github.com/shrike-scan/shrike/scanner"
)

// STSName is the name by which rules ask for this verifier.
const STSName = "aws-sts"

// The parts of an AWS credential, as rules name them.
const (
	partKeyID        = "access-key-id"
	partSessionToken = "session-token"
)

const callGetCallerIdentity = "sts:GetCallerIdentity"

// STSOptions configure an STS verifier.
type STSOptions struct {
	// Region chooses the endpoint that is asked first, and with it the partition
	// (aws, aws-cn, aws-us-gov), where nothing near a key suggests another. Default
	// us-east-1.
	Region string

	// Endpoint replaces AWS's own, for all partitions and for IAM. Only a user may
	// name it, never a rule or a scanned file: it may be private and plain HTTP.
	Endpoint string

	// Deep asks IAM about the owner of each live key too: see DeepCalls.
	Deep bool

	Hosts HostList // that may be contacted: partitions at others are left out

	Connections int // kept open; default 8
}

// STS asks AWS who a key belongs to, by sts:GetCallerIdentity. The call needs no
// permission, changes nothing, and is the only one this type makes, unless Deep
// asks for more. Safe for concurrent use; Close it after the last.
//
// A key is asked for in the partition that its surroundings suggest, and in the
// next one only when the former answered that it does not know the key. A secret
// near which several key ids stand is tried with each, the nearest first.
type STS struct {
	options STSOptions
	http    *client
	home    partition // where an unmarked key is asked for first
	turns   turns

	mu      sync.Mutex
	hosts   map[string]string      // by region, or by the endpoint
	clients map[string]*sts.Client // by region
}

// NewSTS resolves the endpoints. It contacts nobody.
func NewSTS(o STSOptions) (*STS, error) {
	if o.Region == "" {
		o.Region = partitions[0].region
	}
	if o.Connections <= 0 {
		o.Connections = 8
	}
	if !isRegion(o.Region) {
		return nil, fmt.Errorf("read the AWS region %q: want one like eu-central-1", o.Region)
	}
	s := &STS{
		options: o, http: newClient(o.Connections, func(string) bool { return o.Endpoint != "" }), home: regional(o.Region),
		hosts: map[string]string{}, clients: map[string]*sts.Client{},
		turns: turns{memory: awsMemory, sleep: sleep, keys: map[string]*turn{}},
	}
	if o.Endpoint == "" {
		_, err := s.host(s.home)
		return s, err
	}
	u, err := url.Parse(o.Endpoint)
	if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
		// The text may hold a password, so it is not repeated.
		return nil, errors.New("read the STS endpoint: want an http or https URL of a host, without user, query or fragment")
	}
	s.hosts[o.Endpoint] = u.Host
	return s, nil
}

// order lists the partitions to ask for a credential: what it suggests, where the
// user is, and the others. A named endpoint stands for all of AWS.
func (s *STS) order(c Credential) []partition {
	if s.options.Endpoint != "" {
		return []partition{s.home}
	}
	list := make([]partition, 0, len(partitions)+2)
	for _, d := range c.Details {
		if d.Name == regionDetail && isRegion(d.Value) && regional(d.Value).name != s.home.name {
			list = append(list, regional(d.Value))
		}
	}
	list = append(append(list, s.home), partitions...)
	seen := map[string]bool{}
	list = slices.DeleteFunc(list, func(p partition) bool {
		known := seen[p.name]
		seen[p.name] = true
		return known
	})
	var allowed []partition
	for _, p := range list {
		if host, err := s.host(p); err == nil && s.options.Hosts.Allows(host) {
			allowed = append(allowed, p)
		}
	}
	if len(allowed) == 0 {
		return list[:1] // which the runner refuses, by name
	}
	return allowed
}

// host is the host of a partition's STS, or of the endpoint.
func (s *STS) host(p partition) (string, error) {
	name := p.region
	if s.options.Endpoint != "" {
		name = s.options.Endpoint
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if host, known := s.hosts[name]; known {
		return host, nil
	}
	host, err := p.stsHost()
	if err == nil {
		s.hosts[name] = host
	}
	return host, err
}

// client returns the client of a partition. Each learns by how much this machine's
// clock is off from what AWS answers.
func (s *STS) client(p partition) *sts.Client {
	s.mu.Lock()
	defer s.mu.Unlock()
	if known := s.clients[p.region]; known != nil {
		return known
	}
	options := sts.Options{Region: p.region, AppID: "shrike", HTTPClient: unwrapping{s.http}, Retryer: newRetryer(), HTTPSignerV4: forgetful{}}
	if s.options.Endpoint != "" {
		options.BaseEndpoint = aws.String(s.options.Endpoint)
	}
	c := sts.New(options)
	s.clients[p.region] = c
	return c
}

// forgetful signs each request anew. The SDK's signer keeps the key that it derived
// from a secret, and finds it again by the key id: a second secret tried with that
// id would be signed for with the first.
type forgetful struct{}

func (forgetful) SignHTTP(ctx context.Context, c aws.Credentials, r *http.Request, hash, service, region string, at time.Time, o ...func(*v4.SignerOptions)) error {
	return v4.NewSigner().SignHTTP(ctx, c, r, hash, service, region, at, o...)
}

// newRetryer retries what the provider asks to retry, twice: throttling, server
// errors, and a clock that is off by an amount the answer tells. A connection
// that fails is not retried.
func newRetryer() aws.Retryer {
	const slowest = 2 * time.Second
	return retry.NewStandard(func(o *retry.StandardOptions) {
		o.MaxAttempts = 3
		o.MaxBackoff = slowest
		o.Retryables = []retry.IsErrorRetryable{
			retry.NoRetryCanceledError{},
			retry.RetryableError{},
			retry.RetryableHTTPStatusCode{Codes: map[int]struct{}{429: {}, 500: {}, 502: {}, 503: {}, 504: {}}},
			retry.RetryableErrorCode{Codes: retry.DefaultThrottleErrorCodes},
		}
	})
}

// Hosts returns the hosts of STS, and of IAM for deep questions, in every partition
// that may be asked for c.
func (s *STS) Hosts(c Credential) []string {
	var hosts []string
	for _, p := range s.order(c) {
		if host, err := s.host(p); err == nil {
			hosts = append(hosts, host)
		}
		if s.options.Deep && s.options.Endpoint == "" {
			hosts = append(hosts, p.iam)
		}
	}
	slices.Sort(hosts)
	return slices.Compact(hosts)
}

// Close drops idle connections.
func (s *STS) Close() { s.http.close() }

// Complete reports whether the key id stands beside its secret.
func (s *STS) Complete(c Credential) bool {
	return c.Secret.Len() > 0 && isKeyID(c.part(partKeyID))
}

// isKeyID keeps header-breaking bytes out of a request, and is no judgement of
// the id: rules make that.
func isKeyID(id string) bool {
	for i := range len(id) {
		if c := id[i]; c-'0' >= 10 && c-'A' >= 26 {
			return false
		}
	}
	return len(id) >= 16 && len(id) <= 128
}

// Verify asks for the secret with its key id, and if that fails, with the other ids
// near it.
func (s *STS) Verify(ctx context.Context, c Credential) scanner.Verdict {
	nearest := pair{c.part(partKeyID), c.Secret.Reveal(), c.part(partSessionToken)}
	verdict := s.tryPair(ctx, c, nearest)
	tried := 0
	for _, other := range c.Others {
		id := other.Value.Reveal()
		if verdict.State != Dead || other.Name != partKeyID || id == nearest.id || !isKeyID(id) || isCanaryKey(id) || isTemporary(id) {
			continue
		}
		further := s.tryPair(ctx, c, pair{id: id, secret: nearest.secret})
		tried++
		if further.State == Live || further.State == Unknown {
			further.Details = append(further.Details, scanner.Detail{Name: "key id", Value: id})
			return further
		}
	}
	if tried > 0 {
		verdict.Reason += fmt.Sprintf("; %d more key ids near it were tried", tried)
	}
	return verdict
}

// pair is what signs a request.
type pair struct{ id, secret, token string }

func isTemporary(id string) bool { return strings.HasPrefix(id, "ASIA") }

// tryPair asks each partition once, as long as none knows the key.
func (s *STS) tryPair(ctx context.Context, c Credential, k pair) scanner.Verdict {
	if isTemporary(k.id) && k.token == "" {
		return unknown("a temporary key works only with its session token, which was not found: no call was made")
	}
	done := s.turns.take(ctx, k.id)
	defer done()
	if s.turns.spent(k.id) {
		return unknown(fmt.Sprintf("%d other secrets near this key id are not its own: no more are tried", maxRefused))
	}
	var strangers []string
	var verdict scanner.Verdict
	for _, p := range s.order(c) {
		var known bool
		verdict, known = s.identify(ctx, p, k)
		verdict.Call = callGetCallerIdentity
		if known {
			break
		}
		strangers = append(strangers, p.name)
		verdict.Reason += " " + strings.Join(strangers, ", ")
	}
	if verdict.State == Unknown && len(strangers) > 0 {
		verdict.Reason = fmt.Sprintf("%s does not know the key, and %s", strings.Join(strangers, ", "), verdict.Reason)
	}
	if verdict.State == Live && s.options.Deep {
		s.deepen(ctx, k, &verdict)
	}
	return verdict
}

// identify makes the call in one partition. known is false if that does not know
// the key.
func (s *STS) identify(ctx context.Context, p partition, k pair) (verdict scanner.Verdict, known bool) {
	host, err := s.host(p)
	if err != nil {
		return unknown("the region has no STS"), true
	}
	ask := func() (*sts.GetCallerIdentityOutput, error) {
		return s.client(p).GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) {
			o.Credentials = credentials.NewStaticCredentialsProvider(k.id, k.secret, k.token)
		})
	}
	answer, err := ask()
	switch errorCode(err) {
	case "RequestExpired":
		answer, err = ask() // the client has read the right time off the answer by now
	case "SignatureDoesNotMatch":
		switch maybe, inTime := s.turns.echoed(ctx, k.id); {
		case !inTime:
			s.turns.refuse(k.id)
			return unknown("AWS refuses a key id for some seconds after a wrong secret, and another one near it is wrong: ask again for this one"), true
		case maybe:
			answer, err = ask()
		}
	}
	if err == nil {
		return identity(answer), true
	}
	code := errorCode(err)
	if code == "SignatureDoesNotMatch" {
		s.turns.refuse(k.id)
	}
	return refusal(err, host, k.id), code != "InvalidClientTokenId"
}
