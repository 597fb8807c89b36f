package config

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Bounds of what a configuration may extend.
const (
	maxDepth = 8  // files that extend each other in a row
	maxFiles = 32 // read for one configuration, policies included
)

// Fetch returns the document at a URL whose content has the SHA-256 sum, in hex.
type Fetch func(ctx context.Context, url, sum string) ([]byte, error)

// Loader reads configurations with all that they extend. Not for concurrent use.
type Loader struct {
	Context context.Context // of Fetch; nil: the background
	Root    string          // the repository's folder: relative names stay in it; empty: in the folder of the file
	Fetch   Fetch           // nil: URLs are errors

	budgets *budgets
	files   int
}

// Load decodes the file at path, which may be a link when its user names it, and
// what it extends.
func (l *Loader) Load(path string) (*Config, error) {
	l.budgets, l.files = newBudgets(), 0
	d := &document{name: path, key: absolute(path), file: path}
	var err error
	if d.text, err = ReadFile(path); err != nil {
		return nil, err
	}
	c := &Config{}
	if err := l.add(c, d, nil); err != nil {
		return nil, err
	}
	for i, text := range c.Policy {
		at := c.places.at(joinIndex("policy", i))
		p, err := l.policyAt(at, text)
		if err != nil {
			return nil, err
		}
		c.policies = append(c.policies, p)
	}
	return c, nil
}

// Demand makes the configuration obey the policies that its user names, beside those
// that it names itself.
func (l *Loader) Demand(c *Config, policies ...string) error {
	for _, text := range policies {
		r, err := ParseReference(text)
		if err != nil {
			return fmt.Errorf("read policy: %w", err)
		}
		d, err := l.open(r, nil)
		if err != nil {
			return fmt.Errorf("read policy: %w", err)
		}
		p, err := DecodePolicy(d.name, d.text)
		if err != nil {
			return err
		}
		c.policies = append(c.policies, p)
	}
	return nil
}

// policyAt reads a policy that a configuration names.
func (l *Loader) policyAt(at Place, text string) (*Policy, error) {
	from := &document{name: at.File}
	if !strings.Contains(at.File, "://") {
		from.file = at.File
	}
	d, err := l.follow(at, text, from)
	if err != nil {
		return nil, err
	}
	return DecodePolicy(d.name, d.text)
}

// document is the text of a configuration, and how it was named.
type document struct {
	name string // for errors
	key  string // the same for all spellings of one
	file string // empty for a URL
	text []byte
}

// add adds a document to c, after what it extends. above are those that extend it.
func (l *Loader) add(c *Config, d *document, above []string) error {
	own, err := decode(d.name, d.text, l.budgets)
	if err != nil {
		return err
	}
	above = append(above, d.key)
	for i, text := range own.Extends {
		at := own.places.at(joinIndex("extends", i))
		base, err := l.follow(at, text, d)
		if err != nil {
			return err
		}
		switch {
		case slices.Contains(above, base.key):
			return &Error{at, fmt.Sprintf("%s extends itself", base.name)}
		case len(above) >= maxDepth:
			return &Error{at, fmt.Sprintf("more than %d files extend each other in a row", maxDepth)}
		}
		if err := l.add(c, base, above); err != nil {
			return err
		}
	}
	c.merge(own)
	return nil
}

// follow reads what text, at a place of the document from, refers to.
func (l *Loader) follow(at Place, text string, from *document) (*document, error) {
	r, err := ParseReference(text)
	if err != nil {
		return nil, &Error{at, err.Error()}
	}
	if l.files++; l.files > maxFiles {
		return nil, &Error{at, fmt.Sprintf("more than %d files are extended", maxFiles)}
	}
	d, err := l.open(r, from)
	if err != nil {
		return nil, fmt.Errorf("%v: %w", at, err)
	}
	return d, nil
}

// open reads a document. from names it; nil stands for the user.
func (l *Loader) open(r Reference, from *document) (*document, error) {
	d := &document{name: r.URL, key: r.URL}
	var err error
	switch {
	case r.URL != "" && l.Fetch == nil:
		return nil, fmt.Errorf("read %s: URLs are not read here", r.URL)
	case r.URL != "":
		ctx := l.Context
		if ctx == nil {
			ctx = context.Background()
		}
		d.text, err = l.Fetch(ctx, r.URL, r.Sum)
	case from == nil || filepath.IsAbs(r.File) && from.file != "":
		d.name, d.file, d.key = r.File, r.File, absolute(r.File)
		d.text, err = ReadFile(r.File)
	case from.file == "":
		return nil, errors.New("a configuration from a URL can name other URLs, and no file")
	default:
		d.file = filepath.Join(filepath.Dir(from.file), r.File)
		d.name, d.key = d.file, absolute(d.file)
		d.text, err = l.readInside(from.file, d.key)
	}
	if err != nil {
		return nil, err
	}
	if sum := sha256.Sum256(d.text); r.Sum != "" && hex.EncodeToString(sum[:]) != r.Sum {
		return nil, fmt.Errorf("read %s: the content has the SHA-256 %x, not the one it is pinned to", d.name, sum)
	}
	return d, nil
}

// readInside reads the file at the absolute path that the file from names relative
// to itself. Neither it nor a link on the way may lead out of the repository.
func (l *Loader) readInside(from, path string) ([]byte, error) {
	base := filepath.Dir(absolute(from))
	if root := absolute(l.Root); l.Root != "" && isAbove(root, base) {
		base = root
	}
	name, err := filepath.Rel(base, path)
	if err != nil || !filepath.IsLocal(name) {
		return nil, fmt.Errorf("read %s: the name leads out of %s; give the absolute path", path, base)
	}
	root, err := os.OpenRoot(base)
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer root.Close()
	return readRegular(path, func() (fs.FileInfo, error) { return root.Stat(name) }, func() (*os.File, error) { return root.Open(name) })
}

// ReadFile reads a file of at most MaxBytes, or one byte more of a larger one. It may
// be a link, and must be a regular file.
func ReadFile(path string) ([]byte, error) {
	return readRegular(path, func() (fs.FileInfo, error) { return os.Stat(path) }, func() (*os.File, error) { return os.Open(path) })
}

func readRegular(path string, stat func() (fs.FileInfo, error), open func() (*os.File, error)) ([]byte, error) {
	info, err := stat()
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	if !info.Mode().IsRegular() { // before opening: a pipe would wait for a writer
		return nil, fmt.Errorf("read configuration %s: not a regular file", path)
	}
	file, err := open()
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	defer file.Close()
	text, err := io.ReadAll(io.LimitReader(file, MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("read configuration: %w", err)
	}
	return text, nil
}

func absolute(path string) string {
	if full, err := filepath.Abs(path); err == nil {
		return full
	}
	return filepath.Clean(path)
}
