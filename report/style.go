package report

import (
	"github.com/fatih/color"
)

// palette paints words, or leaves them alone. Its colours are switched on or off
// one by one: neither NO_COLOR nor the library's global switch has a say here, for
// the command has already decided.
type palette struct {
	severity           map[string]*color.Color
	label, bold, alarm *color.Color
	secret, good       *color.Color
}

func newPalette(on bool) *palette {
	style := func(attributes ...color.Attribute) *color.Color {
		c := color.New(attributes...)
		if on {
			c.EnableColor()
		} else {
			c.DisableColor()
		}
		return c
	}
	return &palette{
		severity: map[string]*color.Color{
			"critical": style(color.FgWhite, color.BgRed, color.Bold),
			"high":     style(color.FgRed, color.Bold),
			"medium":   style(color.FgYellow, color.Bold),
			"low":      style(color.FgCyan, color.Bold),
		},
		label:  style(color.Faint),
		bold:   style(color.Bold),
		alarm:  style(color.FgRed, color.Bold),
		secret: style(color.FgMagenta),
		good:   style(color.FgGreen),
	}
}
