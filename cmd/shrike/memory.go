package main

import (
	"os"
	"runtime"
	"runtime/debug"
)

// delayCollection lets the heap grow to 40 MB before its first collection, from
// when on the usual share holds: most hooks end before they have used that much, and
// collecting would take a tenth of their time.
func delayCollection() {
	const usual, first = 100, 1000 // percent; the runtime starts from 4 MB at 100
	if os.Getenv("GOGC") != "" {
		return
	}
	debug.SetGCPercent(first)
	runtime.AddCleanup(new([16]byte), func(percent int) {
		if before := debug.SetGCPercent(percent); before < percent {
			debug.SetGCPercent(before) // spareMemory came first
		}
	}, usual)
}

// spareMemory collects more often where there is much to report: the scan's own
// tables are garbage by then, and a report of 25,000 findings fits into 100 MB.
func spareMemory(findings int) {
	const many, percent = 1000, 25
	if findings >= many && os.Getenv("GOGC") == "" {
		debug.SetGCPercent(percent)
	}
}
