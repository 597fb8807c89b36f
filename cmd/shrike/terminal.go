package main

import (
	"os"
	"strings"
	"sync"
	"time"

	"github.com/mattn/go-isatty"
	"github.com/schollz/progressbar/v3"
)

// color reports whether a report is coloured: as the flag says, else when it
// goes to a terminal and NO_COLOR (no-color.org) does not object.
func (sc *scan) color(out output) bool {
	switch {
	case sc.flags.color == "always":
		return true
	case sc.flags.color == "never" || out.file != "":
		return false
	}
	return sc.env("NO_COLOR") == "" && sc.env("TERM") != "dumb" && isTerminal(sc.out)
}

// isTerminal reports whether a stream is one.
func isTerminal(stream any) bool {
	f, ok := stream.(*os.File)
	return ok && (isatty.IsTerminal(f.Fd()) || isatty.IsCygwinTerminal(f.Fd()))
}

// progressDelay is how long work lasts before it is worth showing.
const progressDelay = 500 * time.Millisecond

// progress returns a callback that draws a bar on standard error, and a function
// that removes it. Both do nothing unless standard error is a terminal.
func (sc *scan) progress(what string) (update func(done, total int64), clear func()) {
	if sc.flags.noProgress || !isTerminal(sc.err) {
		return nil, func() {}
	}
	var mu sync.Mutex
	var bar *progressbar.ProgressBar
	begun := time.Now()
	update = func(done, total int64) {
		mu.Lock()
		defer mu.Unlock()
		if bar == nil {
			if time.Since(begun) < progressDelay {
				return
			}
			bar = progressbar.NewOptions64(total,
				progressbar.OptionSetWriter(sc.err), progressbar.OptionSetDescription(what),
				progressbar.OptionShowCount(), progressbar.OptionSetWidth(30),
				progressbar.OptionThrottle(100*time.Millisecond), progressbar.OptionClearOnFinish(),
				progressbar.OptionSetPredictTime(true))
		}
		bar.ChangeMax64(total)
		_ = bar.Set64(done)
	}
	return update, func() {
		mu.Lock()
		defer mu.Unlock()
		if bar != nil {
			_ = bar.Clear()
		}
	}
}

func joined(list []string) string { return strings.Join(list, ", ") }
