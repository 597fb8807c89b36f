package verify

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/sts"
)

// partition is a part of AWS with accounts and keys of its own: a key of one is
// unknown in the others.
type partition struct {
	name   string // as ARNs have it
	region string // whose STS is asked
	iam    string // the host of IAM, which has one region a partition
	signed string // the region that calls of IAM are signed for
}

// partitions in the order in which they are asked where nothing suggests another.
var partitions = []partition{
	{"aws", "us-east-1", "iam.amazonaws.com", "us-east-1"},
	{"aws-cn", "cn-north-1", "iam.cn-north-1.amazonaws.com.cn", "cn-north-1"},
	{"aws-us-gov", "us-gov-west-1", "iam.us-gov.amazonaws.com", "us-gov-west-1"},
}

// regional returns the partition of a region, with its STS in that region.
func regional(region string) partition {
	name := "aws"
	switch {
	case strings.HasPrefix(region, "cn-"):
		name = "aws-cn"
	case strings.HasPrefix(region, "us-gov-"):
		name = "aws-us-gov"
	}
	p := partitions[slices.IndexFunc(partitions, func(p partition) bool { return p.name == name })]
	p.region = region
	return p
}

// stsHost resolves the endpoint of a partition's STS. It contacts nobody.
func (p partition) stsHost() (string, error) {
	resolved, err := sts.NewDefaultEndpointResolverV2().ResolveEndpoint(context.Background(),
		sts.EndpointParameters{Region: aws.String(p.region)}.WithDefaults())
	if err != nil {
		return "", fmt.Errorf("find the STS endpoint of region %q: %w", p.region, err)
	}
	return resolved.URI.Host, nil
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

// regionDetail is the detail of a credential that suggests a partition: an offline
// check decodes it from some, RegionNear reads it beside others.
const regionDetail = "region"

var regionTexts = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`\b(?:us-gov|us|eu|ap|sa|ca|me|af|il|mx|cn)-(?:north|south|east|west|central|northeast|northwest|southeast|southwest)-\d\b` +
		`|amazonaws\.com(?:\.cn)?\b|\barn:aws[a-z-]*:|\bus-gov-`)
})

// RegionNear returns the region that text names nearest to a line (from 1): the
// region itself, or that in which the partition of an endpoint or ARN is asked. It
// is empty where the text names none. Linear in the text.
func RegionNear(text []byte, line int) string {
	best, distance := "", -1
	at, counted := 1, 0 // the line of text[counted]
	for _, span := range regionTexts().FindAllIndex(text, -1) {
		at += bytes.Count(text[counted:span[0]], []byte("\n"))
		counted = span[0]
		away := max(at-line, line-at)
		if region := regionOf(string(text[span[0]:span[1]])); region != "" && (distance < 0 || away < distance) {
			best, distance = region, away
		}
	}
	return best
}

func regionOf(found string) string {
	switch {
	case strings.HasSuffix(found, ".cn"), strings.HasPrefix(found, "arn:aws-cn:"):
		return "cn-north-1"
	case found == "us-gov-", strings.HasPrefix(found, "arn:aws-us-gov:"):
		return "us-gov-west-1"
	case strings.HasPrefix(found, "arn:"), strings.HasPrefix(found, "amazonaws"):
		return ""
	}
	return found
}
