package git

import (
	"bytes"
	"fmt"
	"os"
	"strings"

	"github.com/go-git/go-git/v5/plumbing/format/config"
)

// settings are the few configuration values that say how to read a repository.
// Only its own config file counts; includes are not followed.
type settings struct {
	hashSize int      // 20 for extensions.objectFormat sha1, 32 for sha256
	reftable bool     // extensions.refStorage: refs are not files
	workTree string   // core.worktree: set in a submodule's repository
	promisor []string // remotes that promised to send missing objects later, with their filter
}

func readSettings(file string) (settings, error) {
	s := settings{hashSize: 20}
	text, err := os.ReadFile(file)
	if os.IsNotExist(err) {
		return s, nil
	}
	if err != nil {
		return s, err
	}
	c := config.New()
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf")) // git allows a byte order mark, go-git does not
	if err := config.NewDecoder(bytes.NewReader(text)).Decode(c); err != nil {
		return s, fmt.Errorf("read %s: %w", file, err)
	}
	extensions := c.Section("extensions")
	switch format := extensions.Option("objectformat"); strings.ToLower(format) {
	case "", "sha1":
	case "sha256":
		s.hashSize = 32
	default:
		return s, fmt.Errorf("read %s: unknown extensions.objectFormat %q: sha1 and sha256 are known", file, format)
	}
	s.reftable = strings.EqualFold(extensions.Option("refstorage"), "reftable")
	s.workTree = c.Section("core").Option("worktree")
	for _, remote := range c.Section("remote").Subsections {
		filter := remote.Option("partialclonefilter")
		if filter == "" && !isTrue(remote.Option("promisor")) {
			continue
		}
		if filter == "" {
			filter = "no filter named"
		}
		s.promisor = append(s.promisor, fmt.Sprintf("%s (%s)", remote.Name, filter))
	}
	return s, nil
}

func isTrue(value string) bool {
	switch strings.ToLower(value) {
	case "true", "yes", "on", "1":
		return true
	}
	return false
}
