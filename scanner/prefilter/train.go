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
)

const (
	out     = "counts.bin"
	columns = 32
	largest = 1 << 20 // bytes of a file that count
)

func main() {
	var pairs [columns * columns]int
	var triples [columns * columns * columns]int
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
				c := column(char)
				if i >= 1 {
					pairs[b*columns+c]++
				}
				if i >= 2 {
					triples[(a*columns+b)*columns+c]++
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

// column is the prefilter's own numbering of bytes.
func column(c byte) int {
	switch letter := (c | 0x20) - 'a'; {
	case letter < 26:
		return int(letter) + 1
	case c-'0' < 10:
		return 27
	case c == '_':
		return 28
	case c == '-':
		return 29
	case c == '.':
		return 30
	case c <= ' ':
		return 31
	}
	return 0
}
