package verify

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
)

// iamAnswer holds what is read of the answers of IAM's Query API, version
// 2010-05-08. Each call fills its own members.
type iamAnswer struct {
	LastUsed struct {
		User string  `xml:"UserName"`
		Used keyUsed `xml:"AccessKeyLastUsed"`
	} `xml:"GetAccessKeyLastUsedResult"`
	Keys     []accessKey `xml:"ListAccessKeysResult>AccessKeyMetadata>member"`
	Attached []struct {
		ARN string `xml:"PolicyArn"`
	} `xml:"ListAttachedUserPoliciesResult>AttachedPolicies>member"`
	Inline []string `xml:"ListUserPoliciesResult>PolicyNames>member"`
	Groups []struct {
		Name string `xml:"GroupName"`
	} `xml:"ListGroupsForUserResult>Groups>member"`
}

type keyUsed struct {
	Date    time.Time `xml:"LastUsedDate"` // zero: never
	Service string    `xml:"ServiceName"`
	Region  string    `xml:"Region"`
}

type accessKey struct {
	ID      string    `xml:"AccessKeyId"`
	Status  string    `xml:"Status"` // Active, Inactive
	Created time.Time `xml:"CreateDate"`
}

// iamError is a refusal of IAM. Some implementations wrap it once more.
type iamError struct {
	Code    string `xml:"Error>Code"`
	Wrapped string `xml:"Errors>Error>Code"`
}

var errMayNotAsk = errors.New("access denied")

// iamClient makes signed calls of one partition's IAM. STS alone is in the SDK that
// is linked here: a dozen lines more are cheaper for every start than all of IAM.
type iamClient struct {
	http   *client
	url    string // of the service
	region string // signed for
	key    pair
	skew   time.Duration // by how much this machine's clock is behind, as far as known
}

// call makes one call and reads its answer. Errors are fixed texts: errMayNotAsk
// where the key lacks the permission.
func (c *iamClient) call(ctx context.Context, action string, parameters url.Values) (iamAnswer, error) {
	for attempt := 0; ; attempt++ {
		status, date, body, err := c.send(ctx, action, parameters)
		if err != nil {
			return iamAnswer{}, errors.New(networkReason(err))
		}
		if status == http.StatusOK {
			var answer iamAnswer
			if err := xml.Unmarshal(body, &answer); err != nil {
				return iamAnswer{}, errors.New("the answer is not IAM's")
			}
			return answer, nil
		}
		var refused iamError
		_ = xml.Unmarshal(body, &refused) // what is no error of IAM has no code
		off := time.Until(date) - c.skew
		switch code := refused.Code + refused.Wrapped; {
		case code == "AccessDenied":
			return iamAnswer{}, errMayNotAsk
		case attempt == 0 && !date.IsZero() && off.Abs() > skewed:
			c.skew += off // the clock is off: sign for the time of the answer
		case attempt == 0 && (status == http.StatusTooManyRequests || status >= 500 || code == "Throttling"):
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		default:
			return iamAnswer{}, fmt.Errorf("IAM answered %d", status)
		}
	}
}

// skewed is how far a clock is off when that is why a signature is refused.
const skewed = 4 * time.Minute

func (c *iamClient) send(ctx context.Context, action string, parameters url.Values) (status int, date time.Time, body []byte, err error) {
	form := url.Values{"Action": {action}, "Version": {"2010-05-08"}}
	for name, values := range parameters {
		form[name] = values
	}
	text := []byte(form.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, c.url, bytes.NewReader(text))
	if err != nil {
		return 0, date, nil, err
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	sum := sha256.Sum256(text)
	signer := aws.Credentials{AccessKeyID: c.key.id, SecretAccessKey: c.key.secret, SessionToken: c.key.token}
	if err := v4.NewSigner().SignHTTP(ctx, signer, request, hex.EncodeToString(sum[:]), "iam", c.region, time.Now().Add(c.skew)); err != nil {
		return 0, date, nil, err
	}
	response, err := c.http.Do(request)
	if err != nil {
		return 0, date, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(response.Body) // bounded by the client
	date, _ = http.ParseTime(response.Header.Get("Date"))
	return response.StatusCode, date, body, err
}
