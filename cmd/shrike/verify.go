package main

import (
	"context"
	"fmt"

	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// verify asks providers about the findings that nothing hides, after saying whom.
func (sc *scan) verify(ctx context.Context, fs []*scanner.Finding) error {
	endpoint := sc.flags.verify.endpoint
	if endpoint == "" {
		endpoint = sc.env("AWS_ENDPOINT_URL")
	}
	sts, err := verify.NewSTS(verify.STSOptions{Region: sc.env("AWS_REGION"), Endpoint: endpoint})
	if err != nil {
		return err
	}
	defer sts.Close()
	var open []*scanner.Finding
	for _, f := range fs {
		if f.Suppressed == nil {
			open = append(open, f)
		}
	}
	runner := verify.NewRunner(map[string]verify.Verifier{"aws-sts": sts}, verify.Options{})
	if hosts := runner.Hosts(open); len(hosts) > 0 {
		fmt.Fprintf(sc.err, "shrike: verification contacts %s\n", joined(hosts))
	}
	return runner.Run(ctx, open)
}
