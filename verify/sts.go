package verify

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/aws/retry"
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
	// Region chooses the endpoint, and with it the partition (aws, aws-cn,
	// aws-us-gov). Default us-east-1.
	Region string

	// Endpoint replaces AWS's own. Only a user may name it, never a rule or a
	// scanned file: it may be private and plain HTTP.
	Endpoint string

	Connections int // kept open; default 8
}

// STS asks AWS who a key belongs to, by sts:GetCallerIdentity. The call needs no
// permission, changes nothing, and is the only one this type makes. Safe for
// concurrent use; Close it after the last.
type STS struct {
	region    string
	partition string
	host      string
	client    *sts.Client
	http      *client
}

// NewSTS resolves the endpoint. It contacts nobody.
func NewSTS(o STSOptions) (*STS, error) {
	if o.Region == "" {
		o.Region = "us-east-1"
	}
	if o.Connections <= 0 {
		o.Connections = 8
	}
	s := &STS{region: o.Region, partition: partitionOf(o.Region), http: newClient(o.Connections, func(string) bool { return o.Endpoint != "" })}
	if !isRegion(o.Region) {
		return nil, fmt.Errorf("read the AWS region %q: want one like eu-central-1", o.Region)
	}
	options := sts.Options{
		Region:     o.Region,
		AppID:      "shrike",
		HTTPClient: unwrapping{s.http},
		Retryer:    newRetryer(),
	}
	endpoint, err := resolveEndpoint(o)
	if err != nil {
		return nil, err
	}
	s.host = endpoint.Host
	if o.Endpoint != "" {
		options.BaseEndpoint = aws.String(o.Endpoint)
	}
	s.client = sts.New(options)
	return s, nil
}

// resolveEndpoint returns the URL that requests go to. Errors do not repeat the
// endpoint, which may hold a password.
func resolveEndpoint(o STSOptions) (*url.URL, error) {
	if o.Endpoint != "" {
		u, err := url.Parse(o.Endpoint)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil || u.RawQuery != "" || u.Fragment != "" {
			return nil, errors.New("read the STS endpoint: want an http or https URL of a host, without user, query or fragment")
		}
		return u, nil
	}
	resolved, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(),
		sts.EndpointParameters{Region: aws.String(o.Region)}.WithDefaults())
	if err != nil {
		return nil, fmt.Errorf("find the STS endpoint of region %q: %w", o.Region, err)
	}
	return &resolved.URI, nil
}

// isRegion keeps everything out of a host name that could change which host it
// is.
func isRegion(region string) bool {
	for i := range len(region) {
		if c := region[i]; c-'0' >= 10 && c-'a' >= 26 && c != '-' {
			return false
		}
	}
	return len(region) <= 32
}

// partitionOf names the part of AWS that a region belongs to. Keys of one are
// unknown in the others.
func partitionOf(region string) string {
	switch {
	case strings.HasPrefix(region, "cn-"):
		return "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		return "aws-us-gov"
	}
	return "aws"
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

// Hosts returns the one host that is contacted.
func (s *STS) Hosts(Credential) []string { return []string{s.host} }

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

// Verify makes one call, which is signed with the credential.
func (s *STS) Verify(ctx context.Context, c Credential) scanner.Verdict {
	id, token := c.part(partKeyID), c.part(partSessionToken)
	if strings.HasPrefix(id, "ASIA") && token == "" {
		return scanner.Verdict{State: Unknown, Reason: "a temporary key works only with its session token, which was not found: no call was made"}
	}
	answer, err := s.client.GetCallerIdentity(ctx, &sts.GetCallerIdentityInput{}, func(o *sts.Options) {
		o.Credentials = credentials.NewStaticCredentialsProvider(id, c.Secret.Reveal(), token)
	})
	var verdict scanner.Verdict
	if err != nil {
		verdict = s.refusal(err)
	} else {
		verdict = identity(answer)
	}
	verdict.Call = callGetCallerIdentity
	return verdict
}
