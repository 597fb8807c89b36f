package report

import (
	"bufio"
	"bytes"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"sync"
	"unicode"
	"unicode/utf8"
)

// jsonReporter writes one object, a finding a line:
//
//	{"schema":"shrike/report/1","tool":{...},"summary":{...},"findings":[
//	{...},
//	{...}
//	]}
//
// docs/schema/report-1.json describes it.
type jsonReporter struct{}

func (jsonReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "json", func(b *bufio.Writer) error {
		return newJSONWriter(b).document(d)
	})
}

// jsonlReporter writes one finding a line and the summary as the last line, so
// that a reader sees a report that was cut short. Each line has a type.
type jsonlReporter struct{}

func (jsonlReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "jsonl", func(b *bufio.Writer) error {
		e := newJSONWriter(b)
		e.each(len(d.Findings), func(e *jsonWriter, i int) {
			e.value(struct {
				Type string `json:"type"`
				*Finding
			}{"finding", d.Findings[i].whole()})
			e.raw("\n")
		})
		e.value(struct {
			Type    string  `json:"type"`
			Schema  string  `json:"schema"`
			Tool    Tool    `json:"tool"`
			Summary Summary `json:"summary"`
		}{"summary", d.Schema, d.Tool, d.Summary})
		e.raw("\n")
		return e.err
	})
}

// jsonWriter writes JSON piece by piece: a report is never held as a second copy.
// The first error stays in err, and nothing is written after it.
type jsonWriter struct {
	w       jsonSink
	buf     bytes.Buffer
	encoder *json.Encoder
	err     error
}

// jsonSink is what a jsonWriter writes to.
type jsonSink interface {
	io.Writer
	io.StringWriter
}

func newJSONWriter(w jsonSink) *jsonWriter {
	e := &jsonWriter{w: w}
	e.encoder = json.NewEncoder(&e.buf)
	e.encoder.SetEscapeHTML(false)
	return e
}

// document writes the whole of d, a finding a line.
func (e *jsonWriter) document(d *Document) error {
	e.head(d, func() {
		e.each(len(d.Findings), func(e *jsonWriter, i int) { e.element(i, d.Findings[i].whole()) })
	})
	e.raw("}\n")
	return e.err
}

// head writes all of d but the closing brace; findings writes the elements of that list.
func (e *jsonWriter) head(d *Document, findings func()) {
	e.raw(`{"schema":`)
	e.value(d.Schema)
	e.raw(`,"tool":`)
	e.value(d.Tool)
	e.raw(`,"summary":`)
	e.value(d.Summary)
	e.raw(`,"findings":[`)
	findings()
	if len(d.Findings) > 0 {
		e.raw("\n")
	}
	e.raw("]")
}

// element writes the i-th element of a list, on a line of its own.
func (e *jsonWriter) element(i int, v any) {
	if i > 0 {
		e.raw(",")
	}
	e.raw("\n")
	e.value(v)
}

// each writes the pieces 0..n-1 in order. It lets write make some at a time, on as
// many goroutines as there are processors: encoding takes longer than all that
// happens between the end of a scan and its report.
func (e *jsonWriter) each(n int, write func(e *jsonWriter, i int)) {
	const batch = 16
	parts := make([]bytes.Buffer, min(runtime.GOMAXPROCS(0), (n+batch-1)/batch))
	writers := make([]*jsonWriter, len(parts))
	for k := range parts {
		writers[k] = newJSONWriter(&parts[k])
	}
	for from := 0; from < n && e.err == nil; from += len(parts) * batch {
		var making sync.WaitGroup
		for k, w := range writers {
			making.Go(func() {
				for i := from + k*batch; i < min(from+(k+1)*batch, n); i++ {
					write(w, i)
				}
			})
		}
		making.Wait()
		for k, w := range writers {
			e.bytes(parts[k].Bytes())
			if e.err == nil {
				e.err = w.err
			}
			parts[k].Reset()
		}
	}
}

func (e *jsonWriter) raw(s string) {
	if e.err == nil {
		_, e.err = e.w.WriteString(s)
	}
}

func (e *jsonWriter) bytes(text []byte) {
	if e.err == nil {
		_, e.err = e.w.Write(text)
	}
}

// value writes v without a newline.
func (e *jsonWriter) value(v any) { e.bytes(e.marshal(v)) }

// marshal encodes v; the result is valid until the next call.
func (e *jsonWriter) marshal(v any) []byte {
	if e.err != nil {
		return nil
	}
	e.buf.Reset()
	if e.err = e.encoder.Encode(v); e.err != nil {
		return nil
	}
	return escapeInvisible(bytes.TrimSuffix(e.buf.Bytes(), []byte("\n")))
}

// escapeInvisible writes the characters that neutral would not show as \u escapes.
// Outside ASCII they stand in strings only, so the value stays the same, and raw
// JSON on a terminal cannot reorder or control what a person sees.
func escapeInvisible(text []byte) []byte {
	i := nextInvisible(text, 0)
	if i == len(text) {
		return text
	}
	out := make([]byte, 0, len(text)+64)
	for start := 0; ; {
		out = append(out, text[start:i]...)
		if i == len(text) {
			return out
		}
		r, size := utf8.DecodeRune(text[i:])
		if r < 0x10000 {
			out = fmt.Appendf(out, `\u%04x`, r)
		} else { // a surrogate pair
			r -= 0x10000
			out = fmt.Appendf(out, `\u%04x\u%04x`, 0xd800+r>>10, 0xdc00+r&0x3ff)
		}
		start = i + size
		i = nextInvisible(text, start)
	}
}

// isPlain reports whether eight bytes are less than 0x7f.
func isPlain(eight uint64) bool {
	const high = 0x8080808080808080
	return (eight|(eight&^high+high/0x80))&high == 0
}

// nextInvisible finds the first such character from i on, or the end.
func nextInvisible(text []byte, i int) int {
	for i < len(text) {
		if text[i] < 0x7f { // nearly all of a report
			i++
			for i+8 <= len(text) && isPlain(binary.LittleEndian.Uint64(text[i:])) {
				i += 8
			}
			continue
		}
		r, size := utf8.DecodeRune(text[i:])
		if !unicode.IsGraphic(r) {
			break
		}
		i += size
	}
	return i
}
