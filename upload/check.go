package upload

import (
	"bytes"
	"compress/gzip"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
)

// GitHub rejects a file beyond these limits (docs.github.com, SARIF support for
// code scanning).
const (
	maxCompressed = 10 << 20 // bytes, compressed
	maxRuns       = 20       // a file
	maxResults    = 25_000   // a run
	maxRules      = 25_000   // a run
)

// Analysis is a SARIF file that passed Check, ready to be sent.
type Analysis struct {
	encoded string // gzip inside base64
	Results int    // in all runs
}

// Check reads a SARIF file as far as GitHub's limits go, and packs it. Its errors
// say what GitHub would reject.
func Check(text []byte) (*Analysis, error) {
	var file struct {
		Version string `json:"version"`
		Runs    []struct {
			Tool struct {
				Driver struct {
					Name  string            `json:"name"`
					Rules []json.RawMessage `json:"rules"`
				} `json:"driver"`
			} `json:"tool"`
			Results []json.RawMessage `json:"results"`
		} `json:"runs"`
	}
	if err := json.Unmarshal(text, &file); err != nil {
		return nil, fmt.Errorf("it is no SARIF: %w", err)
	}
	switch {
	case file.Version != "2.1.0":
		return nil, fmt.Errorf("it is SARIF of version %q: GitHub reads 2.1.0 alone", file.Version)
	case len(file.Runs) == 0:
		return nil, errors.New("it has no runs")
	case len(file.Runs) > maxRuns:
		return nil, fmt.Errorf("it has %d runs: GitHub takes %d", len(file.Runs), maxRuns)
	}
	a := &Analysis{}
	for i, run := range file.Runs {
		switch {
		case run.Tool.Driver.Name == "":
			return nil, fmt.Errorf("run %d names no tool", i+1)
		case len(run.Results) > maxResults:
			return nil, fmt.Errorf("run %d has %d results: GitHub takes %d", i+1, len(run.Results), maxResults)
		case len(run.Tool.Driver.Rules) > maxRules:
			return nil, fmt.Errorf("run %d has %d rules: GitHub takes %d", i+1, len(run.Tool.Driver.Rules), maxRules)
		}
		a.Results += len(run.Results)
	}
	packed, err := pack(text)
	if err != nil {
		return nil, err
	}
	if len(packed) > maxCompressed {
		return nil, fmt.Errorf("it is %d bytes compressed: GitHub takes %d", len(packed), maxCompressed)
	}
	a.encoded = base64.StdEncoding.EncodeToString(packed)
	return a, nil
}

func pack(text []byte) ([]byte, error) {
	var out bytes.Buffer
	w, err := gzip.NewWriterLevel(&out, gzip.BestCompression)
	if err != nil {
		return nil, err
	}
	if _, err := w.Write(text); err != nil {
		return nil, err
	}
	err = w.Close()
	return out.Bytes(), err
}
