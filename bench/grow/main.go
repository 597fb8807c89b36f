//go:build ignore

// Command grow writes a history of any length as a stream for git fast-import:
//
//	grow -to 20000 | git fast-import
//	grow -from 20000 -to 60000 | git fast-import
//
// The history is made up, and always the same for the same seed: 4,000 source files
// in 100 folders of 10 folders, a few lines of a few of them changed by each commit, a key pair
// committed now and then. A stretch of it gives each version of a file right after
// the one before, so that git stores it as a delta without looking for one.
package main

import (
	"bufio"
	"bytes"
	"flag"
	"fmt"
	"log"
	"math/rand/v2"
	"os"
	"strings"
)

const (
	files      = 4000
	folders    = 10   // and as many in each
	stretch    = 1000 // commits that change the same few files
	active     = 200  // files that a stretch changes
	keysEvery  = 500  // commits
	fileLines  = 100  // of a new file, on average
	tagsEvery  = 5000
	firstStamp = 1_500_000_000
)

func main() {
	log.SetFlags(0)
	from := flag.Int("from", 0, "number of commits that the repository holds already")
	to := flag.Int("to", 20_000, "number of commits that it is to hold, a multiple of 1000, as is from")
	seed := flag.Uint64("seed", 1, "another seed is another history")
	flag.Parse()
	if *from%stretch+*to%stretch != 0 || *from > *to {
		log.Fatalf("grow: -from and -to are multiples of %d, in order", stretch)
	}
	out := bufio.NewWriterSize(os.Stdout, 1<<20)
	h := history{out: out, texts: make([][]string, files)}
	for first := 0; first < *to; first += stretch {
		h.random = rand.New(rand.NewPCG(*seed, uint64(first)))
		h.change(first, first >= *from, *from > 0 && first == *from)
	}
	if err := out.Flush(); err != nil {
		log.Fatal(err)
	}
}

// history is what all files hold at one commit, as lines.
type history struct {
	out    *bufio.Writer
	random *rand.Rand
	texts  [][]string
}

// version is a file after a commit.
type version struct {
	commit, file int
	text         []byte
}

// change makes the commits of one stretch, and writes them if write is set.
func (h *history) change(first int, write, goesOn bool) {
	chosen := h.random.Perm(files)[:active]
	byFile := make(map[int][]version)
	byCommit := make([][]int, stretch)
	for i := range stretch {
		for n := 1 + h.random.IntN(4); n > 0; n-- {
			file := chosen[h.random.IntN(active)]
			h.edit(file, (first+i)%keysEvery == keysEvery/2 && n == 1)
			if list := byFile[file]; write && (len(list) == 0 || list[len(list)-1].commit != i) {
				byFile[file] = append(list, version{commit: i, file: file})
				byCommit[i] = append(byCommit[i], file)
			}
			if list := byFile[file]; write {
				list[len(list)-1].text = h.text(file)
			}
		}
	}
	if !write {
		return
	}
	marks := make(map[[2]int]int)
	for _, file := range chosen {
		for _, v := range byFile[file] {
			marks[[2]int{v.commit, file}] = len(marks) + 1
			fmt.Fprintf(h.out, "blob\nmark :%d\ndata %d\n%s\n", len(marks), len(v.text), v.text)
		}
	}
	for i, touched := range byCommit {
		number := first + i
		message := fmt.Sprintf("%s %s in %d files\n\n%s\n", words[h.random.IntN(len(words))], words[h.random.IntN(len(words))], len(touched), h.line())
		fmt.Fprintf(h.out, "commit refs/heads/main\ncommitter Author %d <author%d@example.test> %d +0000\ndata %d\n%s",
			number%23, number%23, firstStamp+number*600, len(message), message)
		if i == 0 && goesOn {
			fmt.Fprint(h.out, "from refs/heads/main^0\n")
		}
		for _, file := range touched {
			fmt.Fprintf(h.out, "M 100644 :%d folder%d/part%d/file%04d.go\n",
				marks[[2]int{i, file}], file%folders, file/folders%folders, file)
		}
		if number%tagsEvery == 0 {
			fmt.Fprintf(h.out, "reset refs/tags/v%d\nfrom refs/heads/main\n\n", number/tagsEvery)
		}
	}
}

// edit changes a few lines of a file, and writes a key pair into it if key is set.
func (h *history) edit(file int, key bool) {
	text := h.texts[file]
	if text == nil {
		for range fileLines/2 + h.random.IntN(fileLines) {
			text = append(text, h.line())
		}
	}
	for range 1 + h.random.IntN(3) {
		switch at := h.random.IntN(len(text)); {
		case h.random.IntN(3) > 0:
			text[at] = h.line()
		case h.random.IntN(2) == 0 && len(text) > fileLines/2:
			text = append(text[:at], text[at+1:]...)
		default:
			text = append(text[:at], append([]string{h.line()}, text[at:]...)...)
		}
	}
	if key {
		text[h.random.IntN(len(text))] = "aws_access_key_id = AK" + "IA" + h.letters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 16) +
			"\naws_secret_access_key = " + h.letters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789", 40)
	}
	h.texts[file] = text
}

func (h *history) text(file int) []byte {
	var b bytes.Buffer
	for _, line := range h.texts[file] {
		b.WriteString(line)
		b.WriteByte('\n')
	}
	return b.Bytes()
}

// line is one of source code, more or less.
func (h *history) line() string {
	var b strings.Builder
	b.WriteString(strings.Repeat("\t", h.random.IntN(4)))
	for range 3 + h.random.IntN(6) {
		b.WriteString(words[h.random.IntN(len(words))])
		b.WriteByte(" .,(=)"[h.random.IntN(6)])
	}
	fmt.Fprintf(&b, "%d", h.random.IntN(10_000))
	return b.String()
}

func (h *history) letters(alphabet string, n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = alphabet[h.random.IntN(len(alphabet))]
	}
	return string(b)
}

var words = strings.Fields(`account address append array block branch buffer builder byte cache call channel check client close
	column commit config context count create cursor data delete delta digest entry error event field file filter flag folder format
	frame function handle header index input insert key length level limit line list load lock log loop map mark match memory merge
	message method mode module name node note number object offset option order output pack page parent parse path pattern place pool
	process queue range read record reference remove report request reset result return root row rule scan section select server
	size sort source split stack start state stop store stream string system table tag task text time token total tree type update
	user value version view visit wait walk window word worker write`)
