package rules

import (
	_ "embed" // for prepared
	"fmt"
	"hash/crc32"
	"io"
	"io/fs"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// A commit hook must not parse the rules at each start. So the repository holds,
// beside the TOML files, what the engine makes of them: a sum over the files, and
// the rules as scanner.Pack writes them. A test fails until it is made anew after a
// change; till then the sums differ and the TOML files count.
//
//go:generate go run pack/main.go

//go:embed rules.bin
var prepared string

// Prepared returns the rules that Load does, without their samples and misses, in
// a small part of the time. The caller owns the result, but must leave the patterns as
// they are.
func Prepared() ([]scanner.Rule, error) {
	sum, err := sum()
	if err != nil {
		return nil, err
	}
	packed, ok := strings.CutPrefix(prepared, sum)
	if !ok {
		return Load()
	}
	rules, err := scanner.Unpack(packed)
	if err != nil {
		return nil, fmt.Errorf("read prepared rules: %w", err)
	}
	return rules, nil
}

// Prepare makes what rules.bin is to hold.
func Prepare() ([]byte, error) {
	rules, err := Load()
	if err != nil {
		return nil, err
	}
	sum, err := sum()
	if err != nil {
		return nil, err
	}
	packed, err := scanner.Pack(rules)
	return append([]byte(sum), packed...), err
}

// sum is the CRC-32 of all embedded rules: enough to notice an edit.
func sum() (string, error) {
	names, err := fs.Glob(embedded, "*.toml")
	if err != nil {
		return "", fmt.Errorf("list embedded rules: %w", err)
	}
	crc := crc32.NewIEEE()
	buffer := make([]byte, 32<<10) // no copy of the whole
	for _, name := range names {
		f, err := embedded.Open(name)
		if err == nil {
			_, err = io.CopyBuffer(crc, f, buffer)
		}
		if err != nil {
			return "", fmt.Errorf("read embedded rules: %w", err)
		}
	}
	return string(crc.Sum(nil)), nil
}
