//go:build ignore

// This program counts the pairs and triples of bytes in the text files below the
// given folders and writes counts.bin, from which the prefilter judges which part
// of a literal is rare. Run it in this folder, on text of many kinds, such as
//
//	go run train.go "$(go env GOROOT)/src" "$(go env GOROOT)/doc" /usr/include /usr/lib/python3 /usr/share/doc /usr/share/perl
package main

import (
	"bytes"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"

	"github.com/shrike-scan/shrike/scanner/prefilter/internal/columns"
)

const (
	out     = "counts.bin"
	largest = 1 << 20 // bytes of a file that count
)

func main() {
	var pairs [columns.Count * columns.Count]int
	var triples [columns.Count * columns.Count * columns.Count]int
	for _, root := range os.Args[1:] {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || !d.Type().IsRegular() {
				return err
			}
			text, err := os.ReadFile(path)
			text = text[:min(len(text), largest)]
			if bytes.IndexByte(text, 0) >= 0 {
				return err
			}
			a, b := 0, 0
			for i, char := range text {
				c := columns.Of(char)
				if i >= 1 {
					pairs[b*columns.Count+c]++
				}
				if i >= 2 {
					triples[(a*columns.Count+b)*columns.Count+c]++
				}
				a, b = b, c
			}
			return err
		})
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
	var table []byte
	for _, n := range append(pairs[:], triples[:]...) {
		table = append(table, byte(min(255, 8*math.Log2(float64(n+1)))))
	}
	if err := os.WriteFile(out, table, 0o644); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
