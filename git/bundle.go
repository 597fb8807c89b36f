package git

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/go-git/go-git/v5/plumbing"

	"github.com/shrike-scan/shrike/git/odb"
)

// A bundle is one file that carries refs and a pack (gitformat-bundle(5)):
//
//	# v2 git bundle LF            or  # v3 git bundle LF
//	@KEY[=VALUE] LF               v3 only: object-format, filter
//	-ID SP COMMENT LF             commits that the reader must have already
//	ID SP REFNAME LF              refs that the bundle carries
//	LF
//	pack
//
// A bundle is read as the bare repository that cloning it would make: its pack is
// copied into a folder of its own, which Close removes.
type bundle struct {
	refs    []Ref
	needs   map[odb.ID]bool // prerequisites: commits that are not in the pack
	filter  string          // what of the objects was left out when it was made
	hash    int             // bytes of an object id
	headers int64           // bytes before the pack
}

const (
	bundleV2 = "# v2 git bundle\n"
	bundleV3 = "# v3 git bundle\n"

	maxBundleLine    = 1 << 16
	maxBundleHeaders = 1 << 26
)

// isBundle reports whether the file at path starts as bundles do.
func isBundle(path string) bool {
	info, err := os.Stat(path)
	if err != nil || !info.Mode().IsRegular() {
		return false
	}
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	head := make([]byte, len(bundleV2))
	_, err = io.ReadFull(f, head)
	return err == nil && (string(head) == bundleV2 || string(head) == bundleV3)
}

var errBundle = errors.New("headers of the bundle are malformed")

// parseBundle reads the headers; r is then at the pack.
func parseBundle(r *bufio.Reader) (*bundle, error) {
	b := &bundle{needs: map[odb.ID]bool{}, hash: 20}
	line, err := b.line(r)
	if err != nil {
		return nil, err
	}
	v3 := line+"\n" == bundleV3
	if !v3 && line+"\n" != bundleV2 {
		return nil, errBundle
	}
	for {
		if line, err = b.line(r); err != nil {
			return nil, err
		}
		switch {
		case line == "":
			return b, nil
		case v3 && line[0] == '@' && len(b.refs)+len(b.needs) == 0:
			err = b.capability(line[1:])
		case line[0] == '-':
			hex, _, _ := strings.Cut(line[1:], " ")
			var id odb.ID
			if id, err = b.id(hex); err == nil {
				b.needs[id] = true
			}
		default:
			err = b.ref(line)
		}
		if err != nil {
			return nil, err
		}
	}
}

func (b *bundle) line(r *bufio.Reader) (string, error) {
	text, err := r.ReadSlice('\n')
	b.headers += int64(len(text))
	switch {
	case errors.Is(err, bufio.ErrBufferFull), b.headers > maxBundleHeaders:
		return "", fmt.Errorf("%w: too long", errBundle)
	case err != nil:
		return "", fmt.Errorf("%w: they end too early", errBundle)
	}
	return string(text[:len(text)-1]), nil
}

func (b *bundle) capability(text string) error {
	key, value, _ := strings.Cut(text, "=")
	switch {
	case key == "object-format" && value == "sha1":
	case key == "object-format" && value == "sha256":
		b.hash = 32
	case key == "filter":
		b.filter = value
	default:
		return fmt.Errorf("%w: %q is asked for and not known", errBundle, text)
	}
	return nil
}

func (b *bundle) id(hex string) (odb.ID, error) {
	id, err := odb.ParseID(hex)
	if err != nil || len(hex) != 2*b.hash {
		return id, fmt.Errorf("%w: %q is no object id", errBundle, hex)
	}
	return id, nil
}

func (b *bundle) ref(line string) error {
	hex, name, _ := strings.Cut(line, " ")
	id, err := b.id(hex)
	if err != nil {
		return err
	}
	if name != "HEAD" && plumbing.ReferenceName(name).Validate() != nil {
		return fmt.Errorf("%w: %q is no name of a ref", errBundle, name)
	}
	b.refs = append(b.refs, Ref{Name: name, ID: id})
	return nil
}

// openBundle unpacks the bundle at path into a folder of its own and opens that.
func openBundle(path string, o Options) (_ *Repository, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("open bundle: %w", err)
	}
	defer f.Close()
	in := bufio.NewReaderSize(f, maxBundleLine)
	b, err := parseBundle(in)
	if err != nil {
		return nil, fmt.Errorf("read bundle %s: %w", path, err)
	}
	dir, err := os.MkdirTemp("", "shrike-bundle-")
	if err != nil {
		return nil, fmt.Errorf("unpack bundle %s: %w", path, err)
	}
	defer func() {
		if err != nil {
			os.RemoveAll(dir)
		}
	}()
	if err := b.unpack(dir, in); err != nil {
		return nil, fmt.Errorf("unpack bundle %s: %w", path, err)
	}
	r, err := Open(dir, Options{MaxObject: o.MaxObject, WalkBytes: o.WalkBytes})
	if err != nil {
		return nil, fmt.Errorf("open bundle %s: %w", path, err)
	}
	r.bundle, r.temporary = b, dir
	return r, nil
}

// unpack lays the bundle out as a bare repository in dir.
func (b *bundle) unpack(dir string, pack io.Reader) error {
	config := "[core]\n\trepositoryformatversion = 1\n\tbare = true\n"
	if b.hash == 32 {
		config += "[extensions]\n\tobjectformat = sha256\n"
	}
	var packed strings.Builder
	for _, ref := range b.refs {
		if ref.Name != "HEAD" {
			fmt.Fprintf(&packed, "%s %s\n", ref.ID, ref.Name)
		}
	}
	for _, folder := range []string{"refs", "objects/pack"} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.FromSlash(folder)), 0o700); err != nil {
			return err
		}
	}
	for name, text := range map[string]string{"config": config, "HEAD": b.head(), "packed-refs": packed.String()} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			return err
		}
	}
	out, err := os.OpenFile(filepath.Join(dir, "objects", "pack", "pack-bundle.pack"), os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, pack); err != nil {
		out.Close()
		return err
	}
	return out.Close()
}

// head is the content of HEAD: the first branch at the id that the bundle gives for
// HEAD, as cloning takes it, else that id.
func (b *bundle) head() string {
	head := "ref: refs/heads/none\n" // a bundle need not carry it
	for _, ref := range b.refs {
		if ref.Name != "HEAD" {
			continue
		}
		head = ref.ID.String() + "\n"
		for _, branch := range b.refs {
			if branch.ID == ref.ID && strings.HasPrefix(branch.Name, "refs/heads/") {
				return "ref: " + branch.Name + "\n"
			}
		}
	}
	return head
}

// lacks says what a bundle was made without.
func (b *bundle) lacks() []string {
	var out []string
	if n := len(b.needs); n > 0 {
		out = append(out, fmt.Sprintf("the bundle builds on %d commit(s) that it does not hold; `git bundle create FILE --all` makes one that stands alone", n))
	}
	if b.filter != "" {
		out = append(out, fmt.Sprintf("the bundle was made with the filter %s: it lacks what that leaves out", b.filter))
	}
	return out
}
