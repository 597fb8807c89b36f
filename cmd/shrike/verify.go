package main

import (
	"context"
	"fmt"

	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// verify asks providers about findings, after saying whom. The runner leaves alone
// what no provider can be asked about.
func (sc *scan) verify(ctx context.Context, fs []*scanner.Finding) error {
	endpoint := sc.flags.verify.endpoint
	if endpoint == "" {
		endpoint = sc.env("AWS_ENDPOINT_URL")
	}
	sts, err := verify.NewSTS(verify.STSOptions{Region: sc.env("AWS_REGION"), Endpoint: endpoint, Deep: sc.flags.verify.deep})
	if err != nil {
		return err
	}
	defer sts.Close()
	runner := verify.NewRunner(map[string]verify.Verifier{"aws-sts": sts}, verify.Options{})
	if hosts := runner.Hosts(fs); len(hosts) > 0 {
		fmt.Fprintf(sc.err, "shrike: verification contacts %s\n", joined(hosts))
		if sc.flags.verify.deep {
			fmt.Fprintf(sc.err, "shrike: --deep asks with each live AWS key of a user: %s\n", joined(verify.DeepCalls()))
		}
	}
	return runner.Run(ctx, fs)
}
