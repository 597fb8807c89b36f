package verify

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	v4 "github.com/aws/aws-sdk-go-v2/aws/signer/v4"
	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// secretOf is the secret that the signature-checking server knows of a key.
func secretOf(id string) string { return "secret of " + id }

// isSigned recomputes a request's signature from what arrived.
func isSigned(r *http.Request, secret string) bool {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return false
	}
	authorization := r.Header.Get("Authorization")
	_, rest, _ := strings.Cut(authorization, "SignedHeaders=")
	signed, _, _ := strings.Cut(rest, ",")
	again, err := http.NewRequest(r.Method, "http://"+r.Host+r.URL.RequestURI(), bytes.NewReader(body))
	if err != nil {
		return false
	}
	for name := range strings.SplitSeq(signed, ";") {
		if value := r.Header.Get(name); value != "" && name != "content-length" {
			again.Header.Set(name, value)
		}
	}
	at, err := time.Parse("20060102T150405Z", r.Header.Get("X-Amz-Date"))
	if err != nil {
		return false
	}
	sum := sha256.Sum256(body)
	credentials := aws.Credentials{AccessKeyID: keyIDOf(r), SecretAccessKey: secret, SessionToken: r.Header.Get("X-Amz-Security-Token")}
	if err := v4.NewSigner().SignHTTP(r.Context(), credentials, again, hex.EncodeToString(sum[:]), "sts", "us-east-1", at); err != nil {
		return false
	}
	return again.Header.Get("Authorization") == authorization
}

func keyIDOf(r *http.Request) string {
	_, rest, _ := strings.Cut(r.Header.Get("Authorization"), "Credential=")
	id, _, _ := strings.Cut(rest, "/")
	return id
}

// Calls that run at once never sign with each other's secrets, and no call but
// GetCallerIdentity is made.
func TestSignatures(t *testing.T) {
	accept := identityAnswer("arn:aws:iam::123456789012:user/a", "AIDAX", "123456789012")
	refuse := errorAnswer(403, "SignatureDoesNotMatch", "no")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		if err != nil || string(body) != "Action=GetCallerIdentity&Version=2011-06-15" || r.Method != http.MethodPost || r.URL.Path != "/" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(body))
		if isSigned(r, secretOf(keyIDOf(r))) {
			accept(w, r)
			return
		}
		refuse(w, r)
	}))
	defer server.Close()
	verifier, err := NewSTS(STSOptions{Endpoint: server.URL})
	require.NoError(t, err)
	defer verifier.Close()

	var findings []*scanner.Finding
	for i := range 300 {
		f := numbered(i)
		id := f.Parts[0].Value.Reveal()
		f.Secret = scanner.NewSecret([]byte(secretOf(id)))
		switch i % 3 {
		case 1:
			f.Secret = scanner.NewSecret([]byte("another's"))
		case 2:
			f.Parts = append(f.Parts, scanner.Part{Name: partSessionToken, Value: scanner.NewSecret([]byte("token/of+" + id))})
		}
		findings = append(findings, f)
	}
	require.NoError(t, NewRunner(map[string]Verifier{STSName: verifier}, Options{Workers: 16}).Run(t.Context(), findings))
	for i, f := range findings {
		want := Live
		if i%3 == 1 {
			want = Dead
		}
		require.Equal(t, want, f.Verdict.State, "%d: %s", i, f.Verdict.Reason)
	}
}
