package verify

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"regexp"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	awshttp "github.com/aws/aws-sdk-go-v2/aws/transport/http"
	"github.com/aws/aws-sdk-go-v2/service/sts"
	"github.com/aws/smithy-go"

	"github.com/shrike-scan/shrike/scanner"
)

// identity reads an answer with status 200. A captive portal or a proxy sends
// such a status too, so that only a well-formed identity counts.
func identity(answer *sts.GetCallerIdentityOutput) scanner.Verdict {
	account, arn, user := aws.ToString(answer.Account), aws.ToString(answer.Arn), aws.ToString(answer.UserId)
	shape := identityShape()
	if !shape.arn.MatchString(arn) || !shape.user.MatchString(user) || !strings.Contains(arn, "::"+account+":") || !shape.account.MatchString(account) {
		return unknown("something answered 200 that is not STS: a proxy or a captive portal, perhaps")
	}
	verdict := scanner.Verdict{State: Live, Details: []scanner.Detail{
		{Name: "account", Value: account},
		{Name: "arn", Value: arn},
		{Name: "user id", Value: user},
	}}
	if strings.HasSuffix(arn, ":root") {
		verdict.Details = append(verdict.Details, scanner.Detail{Name: "root", Value: "yes: every right in the account"})
	}
	return verdict
}

type identityPatterns struct{ account, arn, user *regexp.Regexp }

// identityShape holds what AWS documents of the three values. The characters of
// names are those of IAM; none can steer a terminal.
var identityShape = sync.OnceValue(func() identityPatterns {
	return identityPatterns{
		account: regexp.MustCompile(`^\d{12}$`),
		arn:     regexp.MustCompile(`^arn:aws[a-z-]{0,16}:(iam|sts)::\d{12}:[\w+=,.@/:-]{1,600}$`),
		user:    regexp.MustCompile(`^[\w+=,.@:-]{1,200}$`),
	}
})

// refusal reads an error of the call: the provider's own codes, and whatever
// kept the provider from answering.
func refusal(err error, host, id string) scanner.Verdict {
	var api smithy.APIError
	if !errors.As(err, &api) {
		return unknown(silence(err, host))
	}
	switch code := api.ErrorCode(); code {
	case "InvalidClientTokenId":
		return dead(code + ": the key was deleted or switched off, or never was, in") // and the partitions
	case "ExpiredToken", "ExpiredTokenException":
		return dead(code + ": the session has ended")
	case "SignatureDoesNotMatch":
		if isSkew(api.ErrorMessage()) {
			return unknown("this machine's clock is too far off for AWS to accept a signature")
		}
		verdict := dead(code + ": the key id is live, but this is not its secret")
		verdict.Details = []scanner.Detail{{Name: LiveKeyID, Value: id}}
		return verdict
	case "RequestTimeTooSkewed", "RequestExpired":
		return unknown("this machine's clock is too far off for AWS to accept a signature")
	case "AccessDenied", "AccessDeniedException":
		return scanner.Verdict{State: Live, Reason: code + ": the signature was accepted, and the call refused by a policy"}
	case "Throttling", "ThrottlingException", "RequestLimitExceeded", "TooManyRequestsException", "SlowDown":
		return unknown("AWS answered that there are too many requests: try again later")
	case "OptInRequired", "RegionDisabledException", "IncompleteSignature", "MissingAuthenticationToken",
		"InvalidSignatureException", "UnrecognizedClientException", "InternalFailure", "ServiceUnavailable":
		return unknown("AWS answered " + code)
	}
	return unknown(silence(err, host))
}

// LiveKeyID is the detail of a dead pair whose key id works with another secret.
const LiveKeyID = "live key id"

// errorCode is the provider's own code, "" where it gave none.
func errorCode(err error) string {
	if api := smithy.APIError(nil); errors.As(err, &api) {
		return api.ErrorCode()
	}
	return ""
}

// isSkew reports whether the message of SignatureDoesNotMatch blames the time
// of the signature. AWS has no code of its own for that.
func isSkew(message string) bool {
	return strings.Contains(message, "Signature expired") || strings.Contains(message, "Signature not yet current")
}

// silence says why there was no answer to go by.
func silence(err error, host string) string {
	var response *awshttp.ResponseError
	answered := errors.As(err, &response) && response.HTTPStatusCode() != 0
	if !answered || errors.Is(err, errTooLong) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return host + ": " + networkReason(err)
	}
	switch status := response.HTTPStatusCode(); {
	case status >= 300 && status < 400:
		return fmt.Sprintf("%s answered %d, a redirect, which is not followed", host, status)
	case status == 429:
		return host + " answered 429: too many requests, try again later"
	case status >= 500:
		return fmt.Sprintf("%s answered %d: out of order, try again later", host, status)
	case status == 200:
		return "something answered 200 that is not STS: a proxy or a captive portal, perhaps"
	default:
		return fmt.Sprintf("%s answered %d without a code that STS documents", host, status)
	}
}

// unwrapping rewrites errors from <ErrorResponse><Errors><Error>, the form of EC2
// and of stand-ins for AWS, to <ErrorResponse><Error>, which is all that the STS
// client reads. It also sends a request's head and body at once: the SDK closes a body
// as soon as an answer begins, and one that is still to be sent then breaks off the
// connection with the answer.
type unwrapping struct{ *client }

func (u unwrapping) Do(request *http.Request) (*http.Response, error) {
	if request.Body != nil {
		body, err := io.ReadAll(request.Body)
		if err != nil {
			return nil, err
		}
		request.Body = io.NopCloser(bytes.NewReader(body))
	}
	response, err := u.client.Do(request)
	if err != nil || response.StatusCode < 400 {
		return response, err
	}
	body, err := io.ReadAll(response.Body)
	_ = response.Body.Close()
	if err != nil {
		return nil, err
	}
	body = bytes.Replace(body, []byte("<Errors>"), nil, 1)
	body = bytes.Replace(body, []byte("</Errors>"), nil, 1)
	response.Body = io.NopCloser(bytes.NewReader(body))
	response.ContentLength = int64(len(body))
	return response, nil
}

func unknown(reason string) scanner.Verdict {
	return scanner.Verdict{State: Unknown, Reason: reason}
}

func dead(reason string) scanner.Verdict {
	return scanner.Verdict{State: Dead, Reason: reason}
}
