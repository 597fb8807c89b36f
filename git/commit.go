package git

import (
	"bytes"
	"encoding/hex"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/git/odb"
	"github.com/shrike-scan/shrike/scanner"
)

// commitObject is a parsed commit. Its slices point into the object's data.
//
//	tree HEX LF
//	parent HEX LF                     any number
//	author NAME <ADDRESS> TIME ZONE LF
//	committer NAME <ADDRESS> TIME ZONE LF
//	HEADER VALUE LF                   any number: encoding, gpgsig, mergetag ...
//	 VALUE LF                         further lines of a value start with a space
//	LF
//	message
type commitObject struct {
	tree              odb.ID
	parents           []odb.ID
	author, committer signature
	mergetags         [][]byte // the tags that a merge merged, as they stand: folded
	message           []byte
}

// tagObject is a parsed annotated tag: object, type, tag, tagger, message.
type tagObject struct {
	target  odb.ID
	tagger  signature
	message []byte
}

// signature is the identity and the time of an author, committer or tagger.
type signature struct {
	text        []byte // "NAME <ADDRESS>", what is scanned
	name, email []byte
	seconds     int64 // since 1970
	zone        int   // seconds east of UTC
}

var (
	errNoTree   = errors.New("commit does not start with a tree's id")
	errNoTarget = errors.New("tag does not start with an object's id")
)

// parseCommit reads data into c and reuses its slices. Only the tree is
// mandatory: whatever else is broken is read as far as it makes sense.
func parseCommit(data []byte, hashSize int, c *commitObject) error {
	*c = commitObject{parents: c.parents[:0], mergetags: c.mergetags[:0]}
	var ok bool
	for first := true; len(data) > 0; first = false {
		var key, value []byte
		if key, value, data = nextHeader(data); len(key) == 0 {
			break
		}
		if first {
			if c.tree, ok = parseHex(value, hashSize); !ok || string(key) != "tree" {
				return errNoTree
			}
			continue
		}
		switch string(key) {
		case "parent":
			if id, ok := parseHex(value, hashSize); ok {
				c.parents = append(c.parents, id)
			}
		case "author":
			c.author = parseSignature(value)
		case "committer":
			c.committer = parseSignature(value)
		case "mergetag":
			c.mergetags = append(c.mergetags, value)
		}
	}
	if c.tree.IsZero() {
		return errNoTree
	}
	c.message = data
	return nil
}

// strip drops all text, and with it the object's data. Tree, parents and times
// are not touched: others may be reading them.
func (c *commitObject) strip() {
	c.author, c.mergetags, c.message = signature{}, nil, nil
	c.committer.text, c.committer.name, c.committer.email = nil, nil, nil
}

func parseTag(data []byte, hashSize int) (tagObject, error) {
	var t tagObject
	for first := true; len(data) > 0; first = false {
		var key, value []byte
		if key, value, data = nextHeader(data); len(key) == 0 {
			break
		}
		if first {
			var ok bool
			if t.target, ok = parseHex(value, hashSize); !ok || string(key) != "object" {
				return t, errNoTarget
			}
		} else if string(key) == "tagger" {
			t.tagger = parseSignature(value)
		}
	}
	if t.target.IsZero() {
		return t, errNoTarget
	}
	t.message = data
	return t, nil
}

// nextHeader cuts one header with its folded lines off data. An empty key means
// that the headers have ended and rest is the message.
func nextHeader(data []byte) (key, value, rest []byte) {
	end := 0
	for {
		i := bytes.IndexByte(data[end:], '\n')
		if i < 0 {
			end = len(data)
			break
		}
		end += i
		if end+1 >= len(data) || data[end+1] != ' ' {
			break
		}
		end++
	}
	line := data[:end]
	if end < len(data) {
		end++
	}
	key, value, _ = bytes.Cut(line, []byte(" "))
	return key, value, data[end:]
}

// unfold takes the space off the folded lines of a header's value.
func unfold(value []byte) []byte {
	return bytes.ReplaceAll(value, []byte("\n "), []byte("\n"))
}

func parseHex(text []byte, hashSize int) (odb.ID, bool) {
	var id odb.ID
	if len(text) != 2*hashSize {
		return id, false
	}
	_, err := hex.Decode(id[:hashSize], text)
	return id, err == nil
}

// parseSignature reads `NAME <ADDRESS> SECONDS ZONE`. Whatever is missing stays
// zero; an overlong time counts as none.
func parseSignature(line []byte) signature {
	var s signature
	open, end := bytes.IndexByte(line, '<'), bytes.LastIndexByte(line, '>')
	if end < 0 {
		s.text, s.name = line, line
		return s
	}
	s.text = line[:end+1]
	if open >= 0 && open < end {
		s.name, s.email = bytes.TrimSpace(line[:open]), line[open+1:end]
	} else {
		s.name = bytes.TrimSpace(line[:end])
	}
	seconds, zone, _ := bytes.Cut(bytes.TrimSpace(line[end+1:]), []byte(" "))
	if n, err := strconv.ParseInt(string(seconds), 10, 64); err == nil && n >= 0 && n < 1<<40 {
		s.seconds = n
	}
	if n, err := strconv.Atoi(string(zone)); err == nil && n > -10000 && n < 10000 {
		s.zone = n/100*3600 + n%100*60
	}
	return s
}

// date gives the time in the zone in which it was written down.
func (s signature) date() time.Time {
	if s.zone == 0 {
		return time.Unix(s.seconds, 0).UTC()
	}
	return time.Unix(s.seconds, 0).In(time.FixedZone("", s.zone))
}

// maxSubject bounds what is kept of a message's first line, in bytes.
const maxSubject = 200

// describe names a commit, or a tag by its tagger, for a reader.
func describe(id odb.ID, by signature, message []byte) *scanner.Commit {
	subject, _, _ := bytes.Cut(bytes.TrimLeft(message, "\r\n"), []byte("\n"))
	if len(subject) > maxSubject {
		subject = subject[:maxSubject]
	}
	return &scanner.Commit{
		ID:      id.String(),
		Author:  clean(by.name),
		Email:   clean(by.email),
		Date:    by.date(),
		Subject: clean(subject),
	}
}

func clean(text []byte) string {
	return strings.TrimSpace(strings.ToValidUTF8(string(text), "\uFFFD"))
}
