package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"unicode"

	"github.com/BurntSushi/toml"
)

// MaxBytes bounds the size of a configuration file.
const MaxBytes = 1 << 20

// Discover returns the path of the nearest .shrike.toml in startDir or above it
// up to root, which is the repository's root; "" when there is none. With an
// empty root, or one that is not above startDir, it looks in startDir alone. What
// is no regular file is an error: a repository could link to any file.
func Discover(startDir, root string) (string, error) {
	dir, err := filepath.Abs(startDir)
	if err != nil {
		return "", fmt.Errorf("find %s: %w", FileName, err)
	}
	last := dir
	if root, err := filepath.Abs(root); err == nil && isAbove(root, dir) {
		last = root
	}
	for {
		path := filepath.Join(dir, FileName)
		info, err := os.Lstat(path)
		switch {
		case err == nil && info.Mode().IsRegular():
			return path, nil
		case err == nil:
			return "", fmt.Errorf("read %s: not a regular file; replace it by its content", path)
		case !errors.Is(err, fs.ErrNotExist):
			return "", fmt.Errorf("find %s: %w", FileName, err)
		case dir == last || dir == filepath.Dir(dir):
			return "", nil
		}
		dir = filepath.Dir(dir)
	}
}

func isAbove(root, dir string) bool {
	rel, err := filepath.Rel(root, dir)
	return err == nil && filepath.IsLocal(rel)
}

// Decode reads the text of a configuration by itself; name stands for the file in
// errors. Unknown keys and bad values are *Error values, joined in the file's order.
// What it extends is not read: see Loader. Rule ids are known to the caller only: see
// Validate.
func Decode(name string, text []byte) (*Config, error) { return decode(name, text, newBudgets()) }

func decode(name string, text []byte, left *budgets) (*Config, error) {
	c := &Config{}
	d, err := read(name, text, c)
	if err != nil {
		return nil, err
	}
	c.places = d.places
	if len(d.problems) == 0 {
		c.check(&d.problems, left)
	}
	if err := d.problems.errors(); err != nil {
		return nil, err
	}
	return c, nil
}

// read fills in into from TOML. The decoder knows where everything stands, and holds
// what is wrong with the values.
func read(name string, text []byte, into any) (*decoder, error) {
	if len(text) > MaxBytes {
		return nil, fmt.Errorf("read configuration %s: larger than %d bytes", name, MaxBytes)
	}
	places, limit := readOutline(name, string(text))
	if limit != nil {
		return nil, limit
	}
	var tree map[string]any
	if _, err := toml.Decode(string(text), &tree); err != nil {
		return nil, syntaxError(name, err)
	}
	d := &decoder{places: places}
	d.decode(tree, reflect.ValueOf(into).Elem(), "")
	return d, nil
}

func syntaxError(name string, err error) error {
	var at toml.ParseError
	if !errors.As(err, &at) {
		return fmt.Errorf("read configuration %s: %w", name, err)
	}
	message := strings.Map(func(r rune) rune {
		if unicode.IsPrint(r) {
			return r
		}
		return '?'
	}, at.Message)
	return &Error{Place{name, at.Position.Line, max(1, at.Position.Col)}, message}
}
