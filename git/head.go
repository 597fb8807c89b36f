package git

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// Branch is the full name of the branch that HEAD is on, empty while it is on none.
func (r *Repository) Branch() (string, error) {
	text, err := readSmall(filepath.Join(r.GitDir, "HEAD"))
	if err != nil {
		return "", err
	}
	name, ok := strings.CutPrefix(strings.TrimSpace(text), "ref: ")
	if !ok || strings.HasSuffix(name, "/.invalid") { // with reftables, the file names a branch that cannot be
		return "", nil
	}
	return name, nil
}

// RemoteURL returns the first URL of a remote, empty if there is no such remote.
func (r *Repository) RemoteURL(name string) (string, error) {
	file := filepath.Join(r.CommonDir, "config")
	text, err := os.ReadFile(file)
	if err != nil {
		return "", err
	}
	c := config.New()
	if err := config.NewDecoder(bytes.NewReader(bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")))).Decode(c); err != nil {
		return "", fmt.Errorf("read %s: %w", file, err)
	}
	if !c.HasSection("remote") || !c.Section("remote").HasSubsection(name) {
		return "", nil
	}
	urls := c.Section("remote").Subsection(name).OptionAll("url")
	if len(urls) == 0 {
		return "", nil
	}
	return urls[0], nil
}
