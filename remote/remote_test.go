package remote

import (
	"context"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// newStore gives a store that vouches for the server, and counts requests.
func newStore(t *testing.T, answer http.HandlerFunc) (s *Store, address string, asked *int) {
	asked = new(int)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		*asked++
		answer(w, r)
	}))
	t.Cleanup(server.Close)
	client := func(bool) *http.Client {
		return &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	}
	return &Store{Dir: filepath.Join(t.TempDir(), "cache"), Named: []string{"127.0.0.1"}, Client: client}, server.URL + "/base.toml", asked
}

const document = "disable = []\n"

func serve(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(document)) }

func TestFetchedOnceAndCheckedEachTime(t *testing.T) {
	s, address, asked := newStore(t, serve)
	var told []string
	s.Tell = func(host string) { told = append(told, host) }
	sum := digest([]byte(document))
	for range 3 {
		text, err := s.Get(context.Background(), address, sum)
		require.NoError(t, err)
		require.Equal(t, document, string(text))
		s.Offline = true
	}
	require.Equal(t, 1, *asked)
	require.Len(t, told, 1)

	kept := filepath.Join(s.Dir, sum+".toml")
	require.NoError(t, os.WriteFile(kept, []byte("disable = ['all']"), 0o600))
	_, err := s.Get(context.Background(), address, sum)
	require.EqualError(t, err, "read "+address+": it was not fetched before, and SHRIKE_OFFLINE forbids it now")
	s.Offline = false
	text, err := s.Get(context.Background(), address, sum)
	require.NoError(t, err)
	require.Equal(t, document, string(text))
	require.Equal(t, 2, *asked)
	mended, err := os.ReadFile(kept)
	require.NoError(t, err)
	require.Equal(t, document, string(mended))
	list, err := os.ReadDir(s.Dir)
	require.NoError(t, err)
	require.Len(t, list, 1)
}

func TestWhatCannotBeFetched(t *testing.T) {
	sum := digest([]byte(document))
	tests := []struct {
		name   string
		answer http.HandlerFunc
		change func(*Store)
		want   string
	}{
		{"other content", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte("x")) }, nil,
			"the content has the SHA-256 " + digest([]byte("x")) + ", not the one it is pinned to"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/other", http.StatusFound) }, nil,
			"the server answers 302, a redirect, which is not followed: name the address it leads to"},
		{"not found", http.NotFound, nil, "the server answers 404"},
		{"oversize", func(w http.ResponseWriter, _ *http.Request) { _, _ = w.Write([]byte(strings.Repeat("#", maxBytes+1))) }, nil,
			"larger than 1048576 bytes"},
		{"no host of the user's", serve, func(s *Store) { s.Named = nil },
			"want https://, for the host is not one that SHRIKE_HOSTS names"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			s, address, _ := newStore(t, tt.answer)
			if tt.change != nil {
				tt.change(s)
			}
			_, err := s.Get(context.Background(), address, sum)
			require.EqualError(t, err, "fetch "+address+": "+tt.want)
			_, err = os.Stat(s.Dir)
			require.ErrorIs(t, err, os.ErrNotExist, "nothing is kept")
		})
	}
}

func TestUnreachable(t *testing.T) {
	s, address, _ := newStore(t, serve)
	address = strings.Replace(address, "127.0.0.1:", "127.0.0.1:1", 1)
	_, err := s.Get(context.Background(), address, digest([]byte(document)))
	require.ErrorContains(t, err, "fetch "+address+": ")
	require.NotContains(t, strings.TrimPrefix(err.Error(), "fetch "+address), address)
}
