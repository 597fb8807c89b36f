//go:build ignore

// Train writes scanner/classify/trigrams.bin: how surprising each run of three
// characters is in the names and the prose that programmers write. It reads the
// Go source tree and a list of English words (Debian's package wamerican), and
// writes the same bytes for the same input:
//
//	go run scanner/classify/train/main.go/main.go
package main

import (
	"flag"
	"fmt"
	"io/fs"
	"log"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// symbols is the size of the alphabet: 26 letters without case, one for all
// digits, one for everything else. It must be that of package classify.
const symbols = 28

type counts [symbols * symbols * symbols]float64

func main() {
	source := flag.String("source", filepath.Join(runtime.GOROOT(), "src"), "folder of Go source")
	words := flag.String("words", "/usr/share/dict/american-english", "list of words, one a line")
	out := flag.String("out", "scanner/classify/trigrams.bin", "file to write")
	flag.Parse()

	var c counts
	if err := c.addTree(*source); err != nil {
		log.Fatal(err)
	}
	if err := c.addFile(*words, 20); err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(*out, c.surprise(), 0o644); err != nil {
		log.Fatal(err)
	}
}

// addTree counts the Go files under root, without test data and tables: those
// hold the random text that the model must not know.
func (c *counts) addTree(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name := d.Name()
		if d.IsDir() && (name == "testdata" || name == "crypto" || name == "vendor") {
			return filepath.SkipDir
		}
		if d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || strings.Contains(name, "table") {
			return nil
		}
		return c.addFile(path, 1)
	})
}

// addFile counts the words of a file, each weight times. Runs of more than 24
// letters and digits, and hexadecimal numbers, are left out.
func (c *counts) addFile(path string, weight float64) error {
	text, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("read training text: %w", err)
	}
	for start := 0; start < len(text); {
		end := start
		for end < len(text) && symbol(text[end]) != symbols-1 {
			end++
		}
		if n := end - start; n > 1 && n <= 24 && !strings.HasPrefix(string(text[start:end]), "0x") {
			a, b := symbols-1, symbols-1
			for _, ch := range text[start:end] {
				s := symbol(ch)
				c[(a*symbols+b)*symbols+s] += weight
				a, b = b, s
			}
		}
		start = end + 1
	}
	return nil
}

// surprise returns -log2 of each symbol's likelihood after the two before it,
// in sixteenths of a bit. Unseen runs fall back on the pair, then on the symbol.
func (c *counts) surprise() []byte {
	var pair [symbols * symbols]float64
	var single [symbols]float64
	total := 0.0
	for i, n := range c {
		pair[i%(symbols*symbols)] += n
		single[i%symbols] += n
		total += n
	}
	out := make([]byte, len(c))
	for ab := range symbols * symbols {
		seen := 0.0
		for s := range symbols {
			seen += c[ab*symbols+s]
		}
		b := ab % symbols
		seenB := 0.0
		for s := range symbols {
			seenB += pair[b*symbols+s]
		}
		for s := range symbols {
			p1 := (single[s] + 1) / (total + symbols)
			p2 := (pair[b*symbols+s] + 50*p1) / (seenB + 50)
			p3 := (c[ab*symbols+s] + 20*p2) / (seen + 20)
			out[ab*symbols+s] = byte(math.Min(255, math.Round(-16*math.Log2(p3))))
		}
	}
	return out
}

// symbol must agree with package classify.
func symbol(ch byte) int {
	switch {
	case ch-'0' < 10:
		return 26
	case ch|0x20 >= 'a' && ch|0x20 <= 'z':
		return int(ch|0x20) - 'a'
	}
	return symbols - 1
}
