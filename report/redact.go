package report

import (
	"fmt"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// secret writes a secret for a reader. Identifiers (public) are shown in full:
// they are what a person needs to revoke the credential. They pass the scrubber
// all the same, in case another finding holds their bytes to be secret.
func (b *builder) secret(s scanner.Secret, kind string, public bool) string {
	switch {
	case b.show:
		return s.Reveal()
	case public:
		return b.text(s.Reveal())
	}
	return redacted(s, kind)
}

// redacted is the text that stands for a secret, in its own field and wherever
// else its bytes turn up. A secret of several lines (a PEM block) is named by
// kind and size: its first bytes say nothing.
func redacted(s scanner.Secret, kind string) string {
	if lines := strings.Count(strings.TrimSpace(s.Reveal()), "\n") + 1; lines > 1 {
		return fmt.Sprintf("[%s, %d lines]", kind, lines)
	}
	return s.Redacted()
}
