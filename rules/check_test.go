package rules

import (
	"encoding/base64"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func expand(t testing.TB, template string) []byte {
	t.Helper()
	text, err := Expand(t.Name(), 0, template)
	require.NoError(t, err)
	return []byte(text)
}

func detail(r scanner.CheckResult, name string) string {
	i := slices.IndexFunc(r.Details, func(d scanner.Detail) bool { return d.Name == name })
	if i < 0 {
		return ""
	}
	return r.Details[i].Value
}

func TestChecksums(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, check, good, bad string }{
		{"github", "crc32-base62", "gh" + "p_%(crc32-base62 %{alnum:30}%)", "gh" + "p_%{alnum:36}"},
		{"vercel", "crc32-base62", "vcp_%(crc32-base62 %{alnum:50}%)", "vcp_%{alnum:56}"},
		{"polar", "crc32-base62", "polar_oat_%(crc32-base62 %{alnum:37}%)", "polar_oat_%{alnum:43}"},
		{"cloudflare", "cloudflare-token", "cfut_%(crc32-hex %{alnum:40}%)", "cfut_%{alnum:40}%{hex:8}"},
		{"atlassian", "atlassian-token", "%(crc32-HEX ATATT3xFfG%{base64url:172}=%)", "ATATT3xFfG%{base64url:172}=%{HEX:8}"},
		{"grafana", "grafana-token", "%(crc32-hex-le:_ glsa_%{alnum:32}%)", "glsa_%{alnum:32}_%{hex:8}"},
		{"zuplo", "zuplo-key", "zpka_%(crc32-hex:_ %{hex:32}%)", "zpka_%{hex:32}_%{hex:8}"},
		{"confluent", "confluent-secret", "cflt%(crc32-base64-le %{base64:54}%)", "cflt%{base64:60}"},
		{"gitlab", "gitlab-routable", "%(crc32-base36 glpat-%(base64url %{bytes:16}o:1\nu:5p%{x:07}%).01.0y%)", "glpat-%{base64url:36}.01.%{loweralnum:9}"},
		{"age", "age-identity", "%{age}", "AGE-SECRET-KEY-1%{base32:58}"},
		{"wif", "base58check", "%{wif}", "K%{base58:51}"},
		{"xprv", "base58check", "%{xprv}", "xprv%{base58:107}"},
		{"nkey", "nkey", "%{nkey:U}", "SU%{base32:56}"},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := Checks()[c.check]
			good := expand(t, c.good)
			require.Equal(t, scanner.Proven, check(good, good).Proof)
			bad := expand(t, c.bad)
			require.Equal(t, scanner.Refuted, check(bad, bad).Proof)
			for i := len(good) - 30; i < len(good)-1; i++ { // any changed character breaks it
				changed := slices.Clone(good)
				changed[i]++
				require.NotEqual(t, scanner.Proven, check(changed, changed).Proof, "character %d", i)
			}
		})
	}
}

func TestKnownChecksums(t *testing.T) {
	t.Parallel()
	// CRC32 of "123456789" is cbf43926, the check value of the catalogue of CRCs.
	text := []byte("123456789")
	require.Equal(t, "cbf43926", crcHex(text))
	require.Equal(t, "2639f4cb", crcHexReversed(text))
	require.Equal(t, "3jZRME", crcBase62(text))
	require.Equal(t, uint32(0x21cf02), crc24(text))
	require.Equal(t, uint16(0x31c3), crc16(text))
}

func TestGitLabRouting(t *testing.T) {
	t.Parallel()
	token := expand(t, "%(crc32-base36 glpat-%(base64url %{bytes:16}o:1\nu:5p%{x:07}%).01.0y%)")
	r := checkGitLabRoutable(token, token)
	require.Equal(t, "1", detail(r, "organisation"))
	require.Equal(t, "205", detail(r, "user"))
}

func TestAWSAccount(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, template, account, canary string }{
		{"new", "%{aws-key-id:AKIA:123456789012}", "123456789012", ""},
		{"leading zeros", "%{aws-key-id:ASIA:000000000042}", "000000000042", ""},
		{"largest", "%{aws-key-id:AKIA:999999999999}", "999999999999", ""},
		{"thinkst canary", "%{aws-key-id:AKIA:052310077262}", "052310077262", "Thinkst"},
		{"other canary", "%{aws-key-id:AKIA:044858866125}", "044858866125", "decoy service"},
		{"old form holds none", "AKIAI%{base32:15}", "", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			id := expand(t, c.template)
			r := checkAWSKeyID(id, id)
			require.Equal(t, scanner.Unproven, r.Proof)
			require.Equal(t, c.account, detail(r, "aws account"))
			require.Equal(t, c.canary, detail(r, "canary"))
		})
	}
	published := []byte("AKIA" + "IOSFODNN7" + "EXAMPLE")
	require.Equal(t, scanner.Example, checkAWSKeyID(published, published).Proof)
	repeated := []byte("AKIA" + strings.Repeat("A", 16))
	require.Equal(t, scanner.Refuted, checkAWSKeyID(repeated, repeated).Proof)
}

func TestAWSSecret(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, template string
		want           scanner.Proof
	}{
		{"random", "%{base64:40}", scanner.Unproven},
		{"published", "wJalrXUtnFEMI/K7MDENG/bPxRfiCY" + "EXAMPLEKEY", scanner.Example},
		{"digest", "%{hex:40}", scanner.Refuted},
		{"upper-case digest", "%{HEX:40}", scanner.Refuted},
		{"path", "src/main/java/Com/Sample/App2/Controller", scanner.Refuted},
		{"words", "ThisIsTheNameOfSomeVeryLongClass2Handler", scanner.Refuted},
		{"repeated", strings.Repeat("aB3d", 10), scanner.Refuted},
		{"short", "%{base64:39}", scanner.Refuted},
	} {
		t.Run(c.name, func(t *testing.T) {
			secret := expand(t, c.template)
			require.Equal(t, c.want, checkAWSSecret(secret, secret).Proof)
		})
	}
}

// TestAWSSecretKeepsRandomKeys holds looksRandom to what its comment promises.
func TestAWSSecretKeepsRandomKeys(t *testing.T) {
	t.Parallel()
	dropped := 0
	for i := range 5000 {
		text, err := Expand("random", i, "%{base64:40}")
		require.NoError(t, err)
		if checkAWSSecret([]byte(text), nil).Proof == scanner.Refuted {
			dropped++
		}
	}
	require.Less(t, dropped, 50)
}

func TestRandomTokenKeepsRandomTokens(t *testing.T) {
	t.Parallel()
	for _, template := range []string{"%{alnum:32}", "%{base64url:43}", "%{loweralnum:32}", "%{upperalnum:48}"} {
		dropped := 0
		for i := range 2000 {
			text, err := Expand(template, i, template)
			require.NoError(t, err)
			if checkRandomToken([]byte(text), nil).Proof == scanner.Refuted {
				dropped++
			}
		}
		require.Less(t, dropped, 40, template)
	}
	for _, text := range []string{"createAccessTokenForUser2", "my_config_value_for_the_app_2_of_it", "your-key-goes-here-1", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"} {
		require.Equal(t, scanner.Refuted, checkRandomToken([]byte(text), nil).Proof, text)
	}
	for _, text := range []string{"0123456789abcdef12345678", "aX12345678qL0mN3bV9c"} {
		require.Equal(t, doubtful, checkRandomToken([]byte(text), nil), text)
	}
}

func TestJWT(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	encode := func(s string) string { return base64.RawURLEncoding.EncodeToString([]byte(s)) }
	for _, c := range []struct {
		name, token string
		proof       scanner.Proof
		severity    scanner.Severity
	}{
		{"valid", "%{jwt:RS256:1800000000}", scanner.Proven, scanner.SeverityUnset},
		{"without expiry", "%{jwt}", scanner.Proven, scanner.SeverityUnset},
		{"expired", "%{jwt:HS256:1500000000}", scanner.Proven, scanner.SeverityLow},
		{"unsigned", "%{jwt:none}", scanner.Refuted, 0},
		{"no header", "eyJ%{base64url:30}.%{base64url:40}.%{base64url:43}", scanner.Unproven, scanner.SeverityLow},
		{"mask", "eyJxxxxxxxxxxxxxxxxxxxx.eyJxxxxxxxxxxxxxxxxxxx.xxxxxxxxxxxxxxxxxxxxxxxxxx", scanner.Refuted, 0},
		{"two parts", "eyJ%{base64url:30}.%{base64url:40}", scanner.Refuted, 0},
		{"published", encode(`{"alg":"HS256","typ":"JWT"}`) + "." + encode(`{"sub":"1234567890","name":"John Doe","iat":1516239022}`) + ".%{base64url:43}", scanner.Example, 0},
		{"supabase demo", encode(`{"alg":"HS256"}`) + "." + encode(`{"iss":"supabase-demo","role":"anon"}`) + ".%{base64url:43}", scanner.Example, 0},
		{"absurd expiry", encode(`{"alg":"HS256"}`) + "." + encode(`{"exp":1e300}`) + ".%{base64url:43}", scanner.Proven, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			r := judgeJWT(expand(t, c.token), now)
			require.Equal(t, c.proof, r.Proof)
			require.Equal(t, c.severity, r.Severity)
		})
	}
	r := judgeJWT(expand(t, "%{jwt:RS256:1800000000}"), now)
	require.Equal(t, "RS256", detail(r, "algorithm"))
	require.Equal(t, "https://id.sample.test", detail(r, "issuer"))
	require.Equal(t, "2027-01-15T08:00:00Z", detail(r, "expires"))
}

func TestSelfDescribingTokens(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, check, template, detail, want string }{
		{"pypi", "pypi-token", "pypi-%(base64url %{x:020108}pypi.org%{x:0224}11111111-2222-3333-4444-555555555555%{x:0000}%)", "token id", "11111111-2222-3333-4444-555555555555"},
		{"bedrock", "aws-bedrock-key", "ABSK%(base64 BedrockAPIKey-a1-at-123456789012:%{base64:52}%)", "aws account", "123456789012"},
		{"discord", "discord-token", "%(base64url 123456789012345678%).%{base64url:6}.%{base64url:38}", "user id", "123456789012345678"},
		{"telegram", "telegram-token", "123456789:AA%{alnum:33}", "bot id", "123456789"},
		{"grafana", "json-token", `glc_%(base64 {"o":"77","n":"sample","k":"%{alnum:20}"}%)`, "organisation", "77"},
		{"basic", "basic-auth", "%(base64 someone:%{alnum:12}%)", "user", "someone"},
		{"session", "aws-session-token", "IQoJb3JpZ2lu%(base64raw X2VjE%{bytes:3}us-east-1%{bytes:180}%)", "region", "us-east-1"},
	} {
		t.Run(c.name, func(t *testing.T) {
			secret := expand(t, c.template)
			r := Checks()[c.check](secret, secret)
			require.NotEqual(t, scanner.Refuted, r.Proof)
			require.Equal(t, c.want, detail(r, c.detail))
		})
	}
}

func TestStripe(t *testing.T) {
	t.Parallel()
	live := expand(t, "sk_live_%{alnum:24}")
	require.Equal(t, scanner.CheckResult{}, checkStripe(live, live))
	test := expand(t, "sk_test_%{alnum:24}")
	require.Equal(t, scanner.SeverityLow, checkStripe(test, test).Severity)
	require.Equal(t, scanner.Example, checkStripe([]byte("sk_test_"+stripeSampleKey), nil).Proof)
}

func TestURLCredentials(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		url, password string
		proof         scanner.Proof
		severity      scanner.Severity
	}{
		{"postgres://app:%s@db.sample.test/app", "fk3Jd9sLq2", scanner.Unproven, 0},
		{"postgres://app:%s@localhost/app", "fk3Jd9sLq2", scanner.Unproven, scanner.SeverityLow},
		{"postgres://app:%s@db.example.com/app", "fk3Jd9sLq2", scanner.Unproven, scanner.SeverityLow},
		{"postgres://app:%s@db.sample.test/app", "${PASSWORD}", scanner.Refuted, 0},
		{"postgres://app:%s@db.sample.test/app", "password", scanner.Refuted, 0},
		{"postgres://app:%s@db.sample.test/app", "****", scanner.Refuted, 0},
		{"postgres://app:%s@db.sample.test/app", "DB_PASSWORD", scanner.Refuted, 0},
		{"postgres://app:%s@${HOST}/app", "fk3Jd9sLq2", scanner.Refuted, 0},
		{"postgres://app:%s@db.sample.test/app", "changeme", scanner.Unproven, scanner.SeverityLow},
	} {
		match := []byte(strings.Replace(c.url, "%s", c.password, 1))
		r := checkDatabaseURL([]byte(c.password), match)
		require.Equal(t, c.proof, r.Proof, string(match))
		require.Equal(t, c.severity, r.Severity, string(match))
	}
	r := checkURL([]byte("fk3Jd9sLq2"), []byte("https://deploy:"+"fk3Jd9sLq2@git.sample.test:8443/x"))
	require.Equal(t, "git.sample.test", detail(r, "host"))
	require.Equal(t, "deploy", detail(r, "user"))
}

func TestEthereum(t *testing.T) {
	t.Parallel()
	key := expand(t, "0x7%{hex:63}")
	require.Equal(t, scanner.Unproven, checkEthereum(key, nil).Proof)
	require.Equal(t, scanner.Refuted, checkEthereum([]byte(strings.Repeat("f", 64)), nil).Proof)
	require.Equal(t, scanner.Refuted, checkEthereum([]byte(strings.Repeat("0", 63)+"1"), nil).Proof)
	require.Equal(t, scanner.Example, checkEthereum([]byte(developmentKeys[0]+string(expand(t, "%{hex:48}"))), nil).Proof)
}

// FuzzChecks holds that no check panics, changes its arguments, or lets control
// characters into a detail, whatever it is given.
func FuzzChecks(f *testing.F) {
	all, err := Load()
	require.NoError(f, err)
	for _, r := range all {
		if r.Check == "" {
			continue
		}
		samples, misses, err := Samples(r)
		require.NoError(f, err)
		for _, text := range append(samples[:1:1], misses...) {
			f.Add([]byte(text))
		}
	}
	f.Add([]byte("0000000000000000.0-0000000")) // a hyphen behind the last dot
	names := make([]string, 0, len(checks))
	for name := range checks {
		names = append(names, name)
	}
	slices.Sort(names)
	f.Fuzz(func(t *testing.T, text []byte) {
		before := slices.Clone(text)
		for _, name := range names {
			for _, d := range checks[name](text, text).Details {
				require.NotContains(t, d.Value, "\x1b", name)
				require.NotContains(t, d.Value, "\n", name)
			}
		}
		require.Equal(t, before, text)
	})
}
