package report

import (
	"io"
	"testing"
)

// BenchmarkFormats writes as many findings as code scanning takes.
func BenchmarkFormats(b *testing.B) {
	d := Build(manyPlaces(25_000, 4), Meta{}, Options{})
	for _, format := range Formats() {
		b.Run(format, func(b *testing.B) {
			r, err := New(format, FormatOptions{})
			if err != nil {
				b.Fatal(err)
			}
			b.ReportAllocs()
			for b.Loop() {
				if err := r.Report(io.Discard, d); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	findings := manyPlaces(25_000, 4)
	b.ReportAllocs()
	for b.Loop() {
		Build(findings, Meta{}, Options{})
	}
}
