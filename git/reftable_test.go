package git

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/git/odb"
)

// tableWriter writes reftables as the specification says, for no git before 2.45
// can.
type tableWriter struct {
	size, block int // bytes of an id; block size, 0: not aligned
	refs        []refRecord
	logs        []logRecord
}

func putVarint(b []byte, n int) []byte {
	var reversed []byte
	reversed = append(reversed, byte(n&0x7f))
	for n >>= 7; n > 0; n >>= 7 {
		n--
		reversed = append(reversed, 0x80|byte(n&0x7f))
	}
	slices.Reverse(reversed)
	return append(b, reversed...)
}

// blockWriter gathers the records of one block; base is where the block starts
// before its head.
type blockWriter struct {
	typ      byte
	start    int // bytes that count before the block's head
	body     []byte
	last     string
	restarts []int
	count    int
}

func (b *blockWriter) add(key string, typ int, value []byte) {
	shared := 0
	if b.count%3 != 0 {
		for shared < min(len(key), len(b.last)) && key[shared] == b.last[shared] {
			shared++
		}
	} else {
		b.restarts = append(b.restarts, b.start+4+len(b.body))
	}
	b.count++
	b.last = key
	b.body = putVarint(b.body, shared)
	b.body = putVarint(b.body, (len(key)-shared)<<3|typ)
	b.body = append(b.body, key[shared:]...)
	b.body = append(b.body, value...)
}

func (b *blockWriter) bytes() []byte {
	body := b.body
	for _, at := range b.restarts {
		body = append(body, byte(at>>16), byte(at>>8), byte(at))
	}
	body = binary.BigEndian.AppendUint16(body, uint16(len(b.restarts)))
	length := b.start + 4 + len(body)
	head := []byte{b.typ, byte(length >> 16), byte(length >> 8), byte(length)}
	if b.typ == 'g' {
		var packed bytes.Buffer
		z := zlib.NewWriter(&packed)
		_, _ = z.Write(body)
		_ = z.Close()
		body = packed.Bytes()
	}
	return append(head, body...)
}

func (w *tableWriter) id(hex string) []byte {
	id, err := odb.ParseID(hex)
	if err != nil {
		panic(err)
	}
	return id[:w.size]
}

func (w *tableWriter) bytes() []byte {
	out := []byte{'R', 'E', 'F', 'T', 1, byte(w.block >> 16), byte(w.block >> 8), byte(w.block)}
	out = binary.BigEndian.AppendUint64(out, 1)
	out = binary.BigEndian.AppendUint64(out, 9)
	if w.size == 32 {
		out[4] = 2
		out = append(out, "s256"...)
	}
	header := slices.Clone(out)
	start := func() int {
		if len(out) == len(header) {
			return len(header)
		}
		return 0
	}
	b := &blockWriter{typ: 'r', start: start()}
	flush := func() {
		if b.count == 0 {
			return
		}
		if w.block > 0 && len(out) > len(header) {
			out = append(out, make([]byte, (w.block-len(out)%w.block)%w.block)...)
		}
		out = append(out, b.bytes()...)
		b = &blockWriter{typ: 'r'}
	}
	for i, r := range w.refs {
		value := putVarint(nil, i)
		typ := 0
		if target, ok := strings.CutPrefix(r.value, "ref: "); ok {
			typ = 3
			value = append(putVarint(value, len(target)), target...)
		} else if id, peeled, ok := strings.Cut(r.value, " "); ok {
			typ = 2
			value = append(append(value, w.id(id)...), w.id(peeled)...)
		} else if r.value != "" {
			typ = 1
			value = append(value, w.id(r.value)...)
		}
		if w.block > 0 && b.start+len(b.body)+len(r.name)+200 > w.block {
			flush()
		}
		b.add(r.name, typ, value)
	}
	flush()
	logs := 0
	if len(w.logs) > 0 {
		logs = len(out)
		b = &blockWriter{typ: 'g', start: start()}
		if logs == len(header) {
			logs = 0
		}
		for i, r := range w.logs {
			var value []byte
			typ := 0
			if r.old != r.new {
				typ = 1
				value = append(append(value, r.old[:w.size]...), r.new[:w.size]...)
				for _, text := range []string{"A U Thor", "author@example.com"} {
					value = append(putVarint(value, len(text)), text...)
				}
				value = append(putVarint(value, 1_500_000_000), 0, 60)
				value = append(putVarint(value, 5), "moved"...)
			}
			b.add(r.key, typ, value)
			if i%4 == 3 {
				out = append(out, b.bytes()...)
				b = &blockWriter{typ: 'g'}
			}
		}
		if b.count > 0 {
			out = append(out, b.bytes()...)
		}
	}
	footer := slices.Clone(header)
	for _, at := range []int{0, 0, 0, logs, 0} {
		footer = binary.BigEndian.AppendUint64(footer, uint64(at))
	}
	footer = binary.BigEndian.AppendUint32(footer, crc32.ChecksumIEEE(footer))
	return append(out, footer...)
}

func logKey(name string, update uint64) string {
	return string(binary.BigEndian.AppendUint64([]byte(name+"\x00"), ^update))
}

func readAllOf(data []byte, size int) (refs []refRecord, logs []logRecord, err error) {
	t, err := parseReftable(data, size)
	if err != nil {
		return nil, nil, err
	}
	return refs, logs, errors.Join(
		t.refs(func(r refRecord) { refs = append(refs, r) }),
		t.reflog(func(r logRecord) { logs = append(logs, r) }),
	)
}

func TestReftable(t *testing.T) {
	hexOf := func(n, size int) string { return fmt.Sprintf("%0*x", 2*size, n+1) }
	for _, size := range []int{20, 32} {
		for _, block := range []int{0, 512, 4096} {
			for _, n := range []int{0, 1, 2, 100} {
				w := tableWriter{size: size, block: block}
				var want []refRecord
				for i := range n {
					r := refRecord{fmt.Sprintf("refs/heads/topic-%03d", i), hexOf(i, size)}
					full := r
					switch i % 5 {
					case 2:
						full.value = ""
						r = full
					case 3:
						full.value = "ref: refs/heads/main"
						r = full
					case 4:
						full.value += " " + hexOf(i+1, size)
					}
					w.refs = append(w.refs, full)
					want = append(want, r)
				}
				for i := range n {
					old, _ := odb.ParseID(hexOf(i, size))
					new, _ := odb.ParseID(hexOf(i+1, size))
					if i%7 == 6 {
						old, new = odb.ID{}, odb.ID{}
					}
					w.logs = append(w.logs, logRecord{logKey(fmt.Sprintf("refs/heads/topic-%03d", i), 7), old, new})
				}
				name := fmt.Sprint(size, " ", block, " ", n)
				refs, logs, err := readAllOf(w.bytes(), size)
				require.NoError(t, err, name)
				require.Equal(t, want, refs, name)
				require.Equal(t, w.logs, logs, name)

				w.refs = nil
				_, logs, err = readAllOf(w.bytes(), size)
				require.NoError(t, err, name)
				require.Equal(t, w.logs, logs, "without refs: "+name)
			}
		}
	}
}

// No damage to a table panics, and no table without its checksum is read.
func TestReftableDamage(t *testing.T) {
	w := tableWriter{size: 20, block: 256, logs: []logRecord{{logKey("refs/heads/a", 1), odb.ID{}, odb.ID{1}}}}
	for i := range 12 {
		w.refs = append(w.refs, refRecord{fmt.Sprint("refs/heads/", i), strings.Repeat("ab", 20)})
	}
	good := w.bytes()
	for i := range good {
		_, _, err := readAllOf(good[:i], 20)
		require.Error(t, err, "truncated at %d", i)
		bad := slices.Clone(good)
		for _, flip := range []byte{1, 0x80, 0xff} {
			bad[i] = good[i] ^ flip
			_, _, _ = readAllOf(bad, 20)
		}
	}
	_, _, err := readAllOf(good, 32)
	require.Error(t, err)
}

func FuzzReftable(f *testing.F) {
	w := tableWriter{size: 20, refs: []refRecord{{"refs/heads/a", strings.Repeat("ab", 20)}, {"refs/heads/b", "ref: refs/heads/a"}}}
	f.Add(w.bytes())
	w.logs = []logRecord{{logKey("refs/heads/a", 1), odb.ID{}, odb.ID{1}}}
	w.block = 128
	f.Add(w.bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		// The checksum is made to fit, so that the fuzzer gets behind it.
		if len(data) >= 24+68 && string(data[:4]) == "REFT" && data[4] == 1 {
			end := len(data) - 68
			copy(data[end:], data[:24])
			binary.BigEndian.PutUint32(data[len(data)-4:], crc32.ChecksumIEEE(data[end:len(data)-4]))
		}
		refs, _, _ := readAllOf(data, 20)
		for _, r := range refs {
			require.LessOrEqual(t, len(r.name), maxRefName)
		}
	})
}

// A repository says the same of its findings when its refs stand in reftables.
func TestReftableRepository(t *testing.T) {
	f := newFixture(t)
	f.write("a.ini", pair(1))
	f.commit("add")
	f.git("tag", "-a", "-m", "release", "v1")
	f.remove("a.ini")
	f.commit("remove")
	f.git("checkout", "-q", "-b", "topic")
	f.write("b.ini", pair(2))
	f.commit("more")
	f.git("checkout", "-q", "main")
	f.write("c.ini", pair(3))
	lost := f.commit("undone")
	f.git("reset", "-q", "--hard", "HEAD^")
	f.write("d.ini", pair(4))
	f.git("add", "-A")
	f.git("stash", "-q")
	want := scan(t, open(t, f.dir), ScanOptions{}).lines()

	older, newer := tableWriter{size: 20, block: 4096}, tableWriter{size: 20}
	older.refs = append(older.refs, refRecord{"HEAD", "ref: refs/heads/main"}, refRecord{"refs/heads/gone", lost})
	for line := range strings.Lines(f.git("for-each-ref", "--format=%(refname) %(objectname) %(*objectname)")) {
		name, value, _ := strings.Cut(strings.TrimSpace(line), " ")
		older.refs = append(older.refs, refRecord{name, value})
	}
	slices.SortFunc(older.refs, func(a, b refRecord) int { return strings.Compare(a.name, b.name) })
	newer.refs = []refRecord{{"refs/heads/gone", ""}}
	logs := open(t, f.dir).readReflogs()
	for name, ids := range map[string]map[odb.ID]bool{"refs/heads/main": logs.ids, "refs/stash": logs.stash} {
		for i, id := range slices.SortedFunc(maps.Keys(ids), compareIDs) {
			newer.logs = append(newer.logs, logRecord{logKey(name, uint64(100-i)), odb.ID{}, id})
		}
	}
	slices.SortFunc(newer.logs, func(a, b logRecord) int { return strings.Compare(a.key, b.key) })
	git := filepath.Join(f.dir, ".git")
	for _, name := range []string{"refs", "logs", "packed-refs", "ORIG_HEAD"} {
		require.NoError(t, os.RemoveAll(filepath.Join(git, name)))
	}
	require.NoError(t, os.MkdirAll(filepath.Join(git, "refs"), 0o755))
	require.NoError(t, os.MkdirAll(filepath.Join(git, "reftable"), 0o755))
	put := func(name, text string) {
		require.NoError(t, os.WriteFile(filepath.Join(git, name), []byte(text), 0o644))
	}
	put("refs/heads", "this repository uses the reftable format\n")
	put("HEAD", "ref: refs/heads/.invalid\n")
	put("reftable/0x1-0x1.ref", string(older.bytes()))
	put("reftable/0x2-0x2.ref", string(newer.bytes()))
	put("reftable/tables.list", "0x1-0x1.ref\n0x2-0x2.ref\n")
	put("config", "[core]\n\trepositoryformatversion = 1\n[extensions]\n\trefStorage = reftable\n")
	got := scan(t, open(t, f.dir), ScanOptions{})
	require.Zero(t, got.receipt.ProblemCount)
	require.Equal(t, want, got.lines())

	put("reftable/tables.list", "../../elsewhere.ref\n")
	_, err := open(t, f.dir).readRefs()
	require.ErrorContains(t, err, "lies elsewhere")
}
