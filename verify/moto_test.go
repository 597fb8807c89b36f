package verify

import (
	"context"
	"encoding/xml"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

// moto is a running moto_server: an implementation of AWS by others, which
// checks signatures once the set-up calls are made.
type moto struct{ endpoint string }

type keys struct {
	ID     string `xml:"AccessKeyId"`
	Secret string `xml:"SecretAccessKey"`
	Token  string `xml:"SessionToken"`
}

func startMoto(t *testing.T, unsigned int) moto {
	t.Helper()
	program, err := exec.LookPath("moto_server")
	if err != nil {
		t.Skip("moto_server is not installed (pip install 'moto[server]'): the answers of a real STS are not tested")
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	port := listener.Addr().(*net.TCPAddr).Port
	require.NoError(t, listener.Close())

	ctx, cancel := context.WithCancel(t.Context())
	server := exec.CommandContext(ctx, program, "-H", "127.0.0.1", "-p", fmt.Sprint(port))
	server.Env = append(os.Environ(), fmt.Sprintf("INITIAL_NO_AUTH_ACTION_COUNT=%d", unsigned))
	server.WaitDelay = 5 * time.Second
	require.NoError(t, server.Start())
	t.Cleanup(func() { cancel(); _ = server.Wait() })

	m := moto{endpoint: fmt.Sprintf("http://127.0.0.1:%d", port)}
	require.Eventually(t, func() bool {
		connection, err := net.Dial("tcp", listener.Addr().String())
		if err == nil {
			_ = connection.Close()
		}
		return err == nil
	}, 60*time.Second, 100*time.Millisecond, "moto_server did not start")
	return m
}

// call makes one set-up call, which moto does not authenticate yet.
func (m moto) call(t *testing.T, service string, form url.Values) (answer struct {
	Created keys `xml:"CreateAccessKeyResult>AccessKey"`
	Assumed keys `xml:"AssumeRoleResult>Credentials"`
}) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, m.endpoint, strings.NewReader(form.Encode()))
	require.NoError(t, err)
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential=setup/20250101/us-east-1/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	response, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, response.StatusCode, string(body))
	require.NoError(t, xml.Unmarshal(body, &answer))
	return answer
}

func finding(k keys) *scanner.Finding {
	f := &scanner.Finding{
		Rule:   &scanner.Rule{ID: "aws-secret-access-key", Verify: STSName},
		Secret: scanner.NewSecret([]byte(k.Secret)),
		Parts:  []scanner.Part{{Name: partKeyID, Value: scanner.NewSecret([]byte(k.ID)), Public: true}},
	}
	if k.Token != "" {
		f.Parts = append(f.Parts, scanner.Part{Name: partSessionToken, Value: scanner.NewSecret([]byte(k.Token))})
	}
	return f
}

func TestMoto(t *testing.T) {
	const trust = `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"AWS":"*"},"Action":"sts:AssumeRole"}]}`
	const setup = 6
	m := startMoto(t, setup)
	m.call(t, "iam", url.Values{"Action": {"CreateUser"}, "UserName": {"deploy"}, "Version": {"2010-05-08"}})
	newKey := url.Values{"Action": {"CreateAccessKey"}, "UserName": {"deploy"}, "Version": {"2010-05-08"}}
	live := m.call(t, "iam", newKey).Created
	gone := m.call(t, "iam", newKey).Created
	m.call(t, "iam", url.Values{"Action": {"DeleteAccessKey"}, "UserName": {"deploy"}, "AccessKeyId": {gone.ID}, "Version": {"2010-05-08"}})
	m.call(t, "iam", url.Values{"Action": {"CreateRole"}, "RoleName": {"ci"}, "AssumeRolePolicyDocument": {trust}, "Version": {"2010-05-08"}})
	session := m.call(t, "sts", url.Values{"Action": {"AssumeRole"}, "RoleArn": {"arn:aws:iam::123456789012:role/ci"}, "RoleSessionName": {"run"}, "Version": {"2011-06-15"}}).Assumed
	require.NotEmpty(t, live.Secret)
	require.NotEmpty(t, session.Token)

	wrong := live
	wrong.Secret = gone.Secret
	alone := session
	alone.Token = ""
	findings := []*scanner.Finding{finding(live), finding(gone), finding(wrong), finding(session), finding(alone)}

	verifier, err := NewSTS(STSOptions{Endpoint: m.endpoint})
	require.NoError(t, err)
	defer verifier.Close()
	// One worker: moto mixes up requests that it checks at the same time.
	runner := NewRunner(map[string]Verifier{STSName: verifier}, Options{Workers: 1, Timeout: 30 * time.Second})
	require.NoError(t, runner.Run(t.Context(), findings))

	verdict := findings[0].Verdict
	require.Equal(t, Live, verdict.State, verdict.Reason)
	require.Equal(t, "sts:GetCallerIdentity", verdict.Call)
	require.Contains(t, verdict.Details, scanner.Detail{Name: "account", Value: "123456789012"})
	require.Contains(t, verdict.Details, scanner.Detail{Name: "arn", Value: "arn:aws:iam::123456789012:user/deploy"})
	require.WithinDuration(t, time.Now(), verdict.At, time.Minute)

	verdict = findings[1].Verdict
	require.Equal(t, Dead, verdict.State, verdict.Reason)
	require.Contains(t, verdict.Reason, "InvalidClientTokenId")

	verdict = findings[2].Verdict
	require.Equal(t, Dead, verdict.State, verdict.Reason)
	require.Contains(t, verdict.Reason, "the key id is live")

	verdict = findings[3].Verdict
	require.Equal(t, Live, verdict.State, verdict.Reason)
	require.Contains(t, verdict.Details, scanner.Detail{Name: "arn", Value: "arn:aws:sts::123456789012:assumed-role/ci/run"})

	verdict = findings[4].Verdict
	require.Equal(t, Unknown, verdict.State)
	require.Contains(t, verdict.Reason, "session token")
}
