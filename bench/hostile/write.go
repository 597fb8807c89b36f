//go:build ignore

// Command write writes the hostile texts to FOLDER/NAME/text, each in a folder of its own:
//
//	go run bench/hostile/write.go FOLDER BYTES
package main

import (
	"log"
	"os"
	"path/filepath"
	"strconv"

	"github.com/shrike-scan/shrike/bench/hostile"
	"github.com/shrike-scan/shrike/rules"
	"github.com/shrike-scan/shrike/scanner"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: write FOLDER BYTES")
	}
	if err := write(os.Args[1], os.Args[2]); err != nil {
		log.Fatal(err)
	}
}

func write(folder, bytes string) error {
	size, err := strconv.Atoi(bytes)
	if err != nil {
		return err
	}
	all, err := rules.Prepared()
	if err != nil {
		return err
	}
	e, err := scanner.Compile(all, scanner.Options{Checks: rules.Checks()})
	if err != nil {
		return err
	}
	for _, t := range hostile.Texts(e, size) {
		dir := filepath.Join(folder, t.Name)
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, "text"), []byte(t.Text), 0o666); err != nil {
			return err
		}
	}
	return nil
}
