//go:build ignore

// Command pack prepares the shipped rules: it writes rules.bin into the working
// directory, which is that of package rules under `go generate ./rules`.
package main

import (
	"fmt"
	"os"

	"github.com/shrike-scan/shrike/rules"
)

func main() {
	prepared, err := rules.Prepare()
	if err == nil {
		err = os.WriteFile("rules.bin", prepared, 0o644)
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
