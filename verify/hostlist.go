package verify

import (
	"fmt"
	"net"
	"slices"
	"strings"
)

// HostList is the hosts that a user allows, as names ("api.github.com",
// "vault.corp.example:8200") or as all below a domain ("*.mailchimp.com"). The nil list allows
// every host that a built-in check names. To name a host, in full, is to vouch for
// it: its address may then be private, and a configuration's own check may call it.
type HostList []string

// ParseHosts reads a list in which commas separate hosts.
func ParseHosts(lists []string) (HostList, error) {
	var hosts HostList
	for _, list := range lists {
		for host := range strings.SplitSeq(list, ",") {
			host = strings.ToLower(strings.TrimSpace(host))
			if err := checkHostName(strings.TrimPrefix(host, "*.")); err != nil {
				return nil, fmt.Errorf("%w, or *. and a domain", err)
			}
			hosts = append(hosts, host)
		}
	}
	return hosts, nil
}

// Allows reports whether a host, with or without a port, may be contacted.
func (l HostList) Allows(host string) bool {
	return l == nil || l.Names(host) || slices.ContainsFunc(l, func(allowed string) bool {
		domain, below := strings.CutPrefix(allowed, "*")
		return below && strings.HasSuffix(host, domain)
	})
}

// Names reports whether a host stands in the list in full. A port in the list
// binds, none there admits every port.
func (l HostList) Names(host string) bool {
	name, _, err := net.SplitHostPort(host)
	return slices.Contains(l, host) || err == nil && slices.Contains(l, name)
}

// split parts hosts into those that may be contacted and the others.
func (l HostList) split(hosts []string) (allowed, refused []string) {
	for _, host := range hosts {
		if l.Allows(host) {
			allowed = append(allowed, host)
		} else {
			refused = append(refused, host)
		}
	}
	return allowed, refused
}
