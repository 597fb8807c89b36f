//go:build ignore

// Command train counts the pairs of bytes in the files below the given folders
// and writes scanner/prefilter/pairs.bin, from which the prefilter judges which
// part of a literal is rare. Run it from the root of the module:
//
//	go run scanner/prefilter/train/main.go "$(go env GOROOT)/src" "$(go env GOROOT)/doc"
package main

import (
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
)

const out = "scanner/prefilter/pairs.bin"

func main() {
	var count [64 * 64]int
	for _, root := range os.Args[1:] {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			for i := 0; i+1 < len(text); i++ {
				if text[i] < 0x80 && text[i+1] < 0x80 {
					count[column(text[i])<<6|column(text[i+1])]++
				}
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	var table [len(count)]byte
	for i, n := range count {
		table[i] = byte(min(255, 8*math.Log2(float64(n+1))))
	}
	if err := os.WriteFile(out, table[:], 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// column is the prefilter's own numbering of folded bytes.
func column(c byte) int { return int(c&0x1F | c&0x40>>1) }
