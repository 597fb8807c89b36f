package guard

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// container is an object or an array under way.
type container struct {
	object  bool
	members int    // begun so far; in an object, names and values
	key     string // the last name
}

// rewrite copies a JSON document, with each string passed through edit together
// with the name of the member it belongs to; names are passed too, with the name
// empty. Numbers and the order of members stay as they are. It uses no recursion:
// the nesting is the input's.
func rewrite(text []byte, edit func(key, value string) string) ([]byte, error) {
	in := json.NewDecoder(bytes.NewReader(text))
	in.UseNumber()
	var out bytes.Buffer
	var open []container
	for {
		token, err := in.Token()
		if errors.Is(err, io.EOF) {
			return out.Bytes(), nil
		}
		if err != nil {
			return nil, err
		}
		if d, ok := token.(json.Delim); ok && (d == '}' || d == ']') {
			out.WriteByte(byte(d))
			open = open[:len(open)-1]
			continue
		}
		key := ""
		if n := len(open); n > 0 {
			c := &open[n-1]
			isName := c.object && c.members%2 == 0
			switch {
			case c.object && !isName:
				out.WriteByte(':')
			case c.members > 0:
				out.WriteByte(',')
			}
			c.members++
			key = c.key
			if isName {
				key, c.key = "", token.(string)
			}
		}
		switch v := token.(type) {
		case json.Delim:
			out.WriteByte(byte(v))
			open = append(open, container{object: v == '{', key: key})
		case string:
			if err := writeString(&out, edit(key, v)); err != nil {
				return nil, err
			}
		case json.Number:
			out.WriteString(v.String())
		default: // true, false, null
			b, err := json.Marshal(v)
			if err != nil {
				return nil, err
			}
			out.Write(b)
		}
	}
}

func writeString(out *bytes.Buffer, s string) error {
	e := json.NewEncoder(out)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return err
	}
	out.Truncate(out.Len() - 1) // the newline
	return nil
}

// longestFirst keeps a secret that is part of a longer one from cutting that up.
func longestFirst(found []*scanner.Finding) []*scanner.Finding {
	sorted := slices.Clone(found)
	slices.SortStableFunc(sorted, func(a, b *scanner.Finding) int {
		if d := b.Secret.Len() - a.Secret.Len(); d != 0 {
			return d
		}
		return strings.Compare(a.Fingerprint, b.Fingerprint)
	})
	return sorted
}
