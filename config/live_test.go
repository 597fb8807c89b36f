package config

import (
	"errors"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

const ownCheck = `
[[rules]]
id = 'acme-token'
regex = 'acme_[0-9a-f]{40}'
[rules.http]
url = 'https://acme.test/me'
headers = { Authorization = 'Bearer {secret}' }
[[rules.http.live]]
status = [200]
is = { kind = ['user'] }
`

func TestOwnChecks(t *testing.T) {
	c := mustDecode(t, ownCheck)
	checks, err := c.OwnChecks(func(h *scanner.HTTPCheck) (string, error) { return "", nil })
	require.NoError(t, err)
	require.Equal(t, map[string]*scanner.HTTPCheck{"acme-token": {
		URL: "https://acme.test/me", Headers: map[string]string{"Authorization": "Bearer {secret}"},
		Live: []scanner.HTTPAnswer{{Status: []int{200}, Is: map[string][]string{"kind": {"user"}}}},
	}}, checks)

	for key, place := range map[string]string{"url": "f:6:1: ", "headers": "f:7:1: ", "live[0].status": "f:9:1: ", "live[0]": "f:8:3: ", "method": "f:5:2: ", "": "f:5:2: "} {
		_, err = c.OwnChecks(func(*scanner.HTTPCheck) (string, error) { return key, errors.New("no good") })
		require.ErrorContains(t, err, place, key)
		require.ErrorContains(t, err, "no good")
	}
	_, err = Decode("f", []byte(ownCheck+"port = 1\n"))
	require.ErrorContains(t, err, `f:11:1: unknown key "port"`)
	_, err = Decode("f", []byte(ownCheck+"has = 'x'\n"))
	require.ErrorContains(t, err, `f:11:1: "rules[0].http.live[0].has" is a string: want an array`)
}
