package main

import (
	"fmt"
	"path/filepath"
	"strings"

	"github.com/shrike-scan/shrike/config"
	"github.com/shrike-scan/shrike/remote"
	"github.com/shrike-scan/shrike/scanner"
	"github.com/shrike-scan/shrike/verify"
)

// loadConfig reads the configuration and the policies that it must obey. dir is where
// it is looked for, root the repository.
func loadConfig(s streams, f *scanFlags, dir, root string) (*config.Config, error) {
	path := f.config
	if path == "" && !f.noConfig {
		var err error
		if path, err = config.Discover(dir, root); err != nil {
			return nil, err
		}
	}
	policies := f.policies
	if p := s.env("SHRIKE_POLICY"); p != "" {
		policies = append([]string{p}, policies...)
	}
	if path == "" && len(policies) == 0 {
		return &config.Config{}, nil
	}
	l := config.Loader{Root: root, Fetch: documents(s, policies).Get}
	c := &config.Config{}
	if path != "" {
		var err error
		if c, err = l.Load(path); err != nil {
			return nil, err
		}
	}
	if err := l.Demand(c, policies...); err != nil {
		return nil, err
	}
	return c, f.threshold.comply(c)
}

// documents reads what configurations name by URL. The user vouches for the hosts of
// the policies, and for those of SHRIKE_HOSTS.
func documents(s streams, policies []string) *remote.Store {
	store := &remote.Store{
		Offline: s.env("SHRIKE_OFFLINE") != "",
		Named:   strings.FieldsFunc(s.env("SHRIKE_HOSTS"), func(r rune) bool { return r == ',' || r == ' ' }),
		Client:  verify.Client,
		Tell:    func(host string) { fmt.Fprintf(s.err, "shrike: the configuration contacts %s\n", host) },
	}
	for _, p := range policies {
		if _, rest, isURL := strings.Cut(p, "://"); isURL {
			host, _, _ := strings.Cut(rest, "/")
			store.Named = append(store.Named, host)
		}
	}
	if base := userCache(s.env); base != "" {
		store.Dir = filepath.Join(base, "shrike", "config")
	}
	return store
}

// wants reports whether a finding is worth a report, by the flags and, where they say
// nothing, by the configuration.
func (sc *scan) wants(f *scanner.Finding) bool { return sc.flags.threshold.wants(sc.config, f) }
