// Package remote reads documents whose digest is known before they are asked for,
// and keeps them in a folder, so that each is fetched once. A server can refuse to
// answer, and nothing else: what it sends is compared with the digest.
package remote

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"
)

const (
	maxBytes = 1 << 20          // of a document
	patience = 15 * time.Second // for all of a request
)

// Store reads documents, from its folder or from where they are published. Safe for
// concurrent use; two processes may share a folder.
type Store struct {
	Dir     string   // folder of the documents fetched before; empty: none are kept
	Offline bool     // ask no host
	Named   []string // hosts, as "name" or "name:port", that the user vouches for: they may have private addresses and speak plain HTTP

	Client func(named bool) *http.Client // must not follow redirects
	Tell   func(host string)             // called before a host is asked; may be nil
}

// Get returns the document at a URL, whose SHA-256 is sum (64 lower-case hex digits).
// Errors name the URL, and nothing that the server was free to choose.
func (s *Store) Get(ctx context.Context, address, sum string) ([]byte, error) {
	path := ""
	if s.Dir != "" {
		path = filepath.Join(s.Dir, sum+".toml")
		if text, err := readBounded(path); err == nil && digest(text) == sum {
			return text, nil
		}
	}
	if s.Offline {
		return nil, fmt.Errorf("read %s: it was not fetched before, and SHRIKE_OFFLINE forbids it now", address)
	}
	text, err := s.fetch(ctx, address)
	if err != nil {
		return nil, fmt.Errorf("fetch %s: %w", address, err)
	}
	if got := digest(text); got != sum {
		return nil, fmt.Errorf("fetch %s: the content has the SHA-256 %s, not the one it is pinned to", address, got)
	}
	if path != "" {
		_ = save(path, text) // the next run fetches it again
	}
	return text, nil
}

func digest(text []byte) string {
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

func (s *Store) fetch(ctx context.Context, address string) ([]byte, error) {
	u, err := url.Parse(address)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	named := s.names(u)
	if u.Scheme != "https" && !named {
		return nil, errors.New("want https://, for the host is not one that SHRIKE_HOSTS names")
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, errors.New("not a URL")
	}
	if s.Tell != nil {
		s.Tell(u.Host)
	}
	client := s.Client(named)
	defer client.CloseIdleConnections()
	response, err := client.Do(request)
	if err != nil {
		return nil, unwrapped(err)
	}
	defer response.Body.Close()
	switch {
	case response.StatusCode >= 300 && response.StatusCode < 400:
		return nil, fmt.Errorf("the server answers %d, a redirect, which is not followed: name the address it leads to", response.StatusCode)
	case response.StatusCode != http.StatusOK:
		return nil, fmt.Errorf("the server answers %d", response.StatusCode)
	}
	text, err := io.ReadAll(io.LimitReader(response.Body, maxBytes+1))
	if err != nil {
		return nil, unwrapped(err)
	}
	if len(text) > maxBytes {
		return nil, fmt.Errorf("larger than %d bytes", maxBytes)
	}
	return text, nil
}

// names reports whether the user vouches for the URL's host.
func (s *Store) names(u *url.URL) bool {
	for _, name := range s.Named {
		if strings.EqualFold(name, u.Host) || strings.EqualFold(name, u.Hostname()) {
			return true
		}
	}
	return false
}

// unwrapped drops the request's method and URL from an error: its reader knows them.
func unwrapped(err error) error {
	var request *url.Error
	if errors.As(err, &request) {
		return request.Err
	}
	return err
}

func readBounded(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	return io.ReadAll(io.LimitReader(file, maxBytes+1))
}

// save writes the file whole or not at all.
func save(path string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(filepath.Dir(path), ".fetched-*")
	if err != nil {
		return err
	}
	defer os.Remove(temp.Name())
	_, err = temp.Write(text)
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), path)
}
