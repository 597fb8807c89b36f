package report

import (
	"bufio"
	"crypto/sha256"
	_ "embed" // the page's parts
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
)

// htmlReporter writes one file that opens from disk and asks the network for
// nothing.
//
//	head    html/template: title, content policy, style, summary, filters
//	data    the json format, in a script element that is data, not program
//	tail    the program that lists the findings
//
// Three walls stand between hostile content and the reader's browser. The data is
// JSON in which <, > and & are written as \u escapes, so that it cannot end its
// element. The program puts text into the page by textContent alone. The content
// policy allows the page's own style and program, each by its hash, and nothing
// else: no address to load from, no inline handler, no form, no string made HTML.
type htmlReporter struct{}

//go:embed html/page.html
var htmlPage string

//go:embed html/page.css
var htmlStyle string

//go:embed html/page.js
var htmlProgram string

// htmlParts are parsed at first use: a commit hook writes no HTML.
var htmlParts = sync.OnceValues(func() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{
		"neutral": Neutral,
		"count":   count,
		"grouped": func(n int) string { return grouped(int64(n)) },
	}).Parse(htmlPage)
})

func (htmlReporter) Report(w io.Writer, d *Document) error {
	return buffered(w, "html", func(b *bufio.Writer) error {
		parts, err := htmlParts()
		if err != nil {
			return err
		}
		err = parts.ExecuteTemplate(b, "head", map[string]any{
			"Policy":  htmlPolicy(),
			"Style":   template.CSS(htmlStyle),
			"Summary": &d.Summary,
			"Tool":    strings.TrimSpace(d.Tool.Name + " " + d.Tool.Version),
			"Scanned": scanned(&d.Summary),
		})
		if err != nil {
			return err
		}
		e := newJSONWriter(b)
		e.encoder.SetEscapeHTML(true)
		e.raw("<script type=\"application/json\" id=\"report\">\n")
		shared := &htmlPlans{index: map[string]int{}}
		e.head(d, func() {
			for i := range d.Findings {
				e.element(i, shared.finding(&d.Findings[i]))
			}
		})
		e.raw(`,"plans":`)
		e.value(shared.lists)
		e.raw("}\n")
		e.raw("</script>\n")
		if e.err != nil {
			return e.err
		}
		return parts.ExecuteTemplate(b, "tail", map[string]any{"Program": template.JS(htmlProgram)})
	})
}

// htmlPolicy is the content security policy (CSP level 3). The data element needs
// no word in it: what is not a program is not run.
func htmlPolicy() string {
	return fmt.Sprintf("default-src 'none'; script-src %s; style-src %s; base-uri 'none'; form-action 'none'; "+
		"require-trusted-types-for 'script'; trusted-types 'none'", cspHash(htmlProgram), cspHash(htmlStyle))
}

func cspHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}
