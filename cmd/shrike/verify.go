package main

import (
	"context"
	"fmt"

	"github.com/spf13/pflag"

	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// verifyFlags say whether providers are asked, and which.
type verifyFlags struct {
	on       bool
	deep     bool
	endpoint string
	hosts    []string
}

func (f *verifyFlags) register(fs *pflag.FlagSet) {
	fs.BoolVar(&f.on, "verify", false, "ask the provider whether each credential works, by one read-only request")
	f.registerDeep(fs, "with --verify: ask")
	f.registerWhom(fs)
}

func (f *verifyFlags) registerDeep(fs *pflag.FlagSet, ask string) {
	fs.BoolVar(&f.deep, "deep", false, ask+" IAM too about the user of each live AWS key: age, last use, policies, groups")
}

// registerWhom adds the flags that say who is asked.
func (f *verifyFlags) registerWhom(fs *pflag.FlagSet) {
	fs.StringArrayVar(&f.hosts, "verify-hosts", nil, "contact no other `HOSTS`; *.DOMAIN stands for all below it, and a host named in full may be private")
	fs.StringVar(&f.endpoint, "verify-endpoint", "", "ask this `URL` instead of AWS's own")
}

func (f *verifyFlags) validate() error {
	_, err := f.allowed()
	return err
}

func (f *verifyFlags) allowed() (verify.HostList, error) {
	hosts, err := verify.ParseHosts(f.hosts)
	if err != nil {
		return nil, fmt.Errorf("--verify-hosts: %w", err)
	}
	return hosts, nil
}

// verifier asks providers. Close it after the last call.
type verifier struct {
	*verify.Runner
	sts  *verify.STS
	http *verify.HTTP
}

// newVerifier makes ready to ask. It contacts nobody.
func (sc *scan) newVerifier() (*verifier, error) {
	f := &sc.flags.verify
	hosts, err := f.allowed()
	if err != nil {
		return nil, err
	}
	own, err := sc.config.OwnChecks(verify.ValidateHTTP)
	if err != nil {
		return nil, err
	}
	endpoint := f.endpoint
	if endpoint == "" {
		endpoint = sc.env("AWS_ENDPOINT_URL")
	}
	sts, err := verify.NewSTS(verify.STSOptions{Region: sc.env("AWS_REGION"), Endpoint: endpoint, Deep: f.deep, Hosts: hosts})
	if err != nil {
		return nil, err
	}
	http, err := verify.NewHTTP(verify.HTTPOptions{Own: own, Hosts: hosts})
	if err != nil {
		sts.Close()
		return nil, err
	}
	verifiers := http.Verifiers()
	verifiers[verify.STSName] = sts
	return &verifier{verify.NewRunner(verifiers, verify.Options{Hosts: hosts}), sts, http}, nil
}

func (v *verifier) close() {
	v.sts.Close()
	v.http.Close()
}

// verify asks providers about findings, after saying whom. The runner leaves alone
// what no provider can be asked about. read is for what stands around a credential.
func (sc *scan) verify(ctx context.Context, fs []*scanner.Finding, read reader) error {
	v, err := sc.newVerifier()
	if err != nil {
		return err
	}
	defer v.close()
	placeKeys(fs, read)
	placeParts(fs, read, v.http)
	return sc.askWith(ctx, v, fs)
}

func (sc *scan) askWith(ctx context.Context, v *verifier, fs []*scanner.Finding) error {
	if hosts := v.Hosts(fs); len(hosts) > 0 {
		fmt.Fprintf(sc.err, "shrike: verification contacts %s\n", joined(hosts))
		if sc.flags.verify.deep {
			fmt.Fprintf(sc.err, "shrike: --deep asks with each live AWS key of a user: %s\n", joined(verify.DeepCalls()))
		}
	}
	return v.Run(ctx, fs)
}
