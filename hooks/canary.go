package hooks

import (
	"bytes"
	"compress/zlib"
	"crypto/rand"
	"crypto/sha1"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"hash"
	"os"
	"path/filepath"
	"strings"
)

// Canary is a made-up key, staged in an index of its own: what a commit hook must
// block. It stands in a temporary folder, and the repository knows nothing of it.
type Canary struct {
	Path      string // of the file that is staged, relative to the work tree
	IndexFile string // for GIT_INDEX_FILE
	ObjectDir string // for GIT_OBJECT_DIRECTORY
	dir       string
}

// Plant writes a canary for a repository whose object ids have hashSize bytes. Call
// Remove in any case.
func Plant(hashSize int) (*Canary, error) {
	dir, err := os.MkdirTemp("", "shrike-canary-*")
	if err != nil {
		return nil, fmt.Errorf("plant a canary: %w", err)
	}
	c := &Canary{
		Path: strings.TrimPrefix(filepath.Base(dir), "."), dir: dir,
		IndexFile: filepath.Join(dir, "index"), ObjectDir: filepath.Join(dir, "objects"),
	}
	text := madeUpKey()
	id := hashOf(hashSize, fmt.Sprintf("blob %d\x00%s", len(text), text))
	err = writeLoose(c.ObjectDir, id, text)
	if err == nil {
		err = os.WriteFile(c.IndexFile, indexOf(hashSize, c.Path, id), 0o600)
	}
	if err != nil {
		return c, fmt.Errorf("plant a canary: %w", err)
	}
	return c, nil
}

// Remove leaves no trace of the canary.
func (c *Canary) Remove() error { return os.RemoveAll(c.dir) }

// madeUpKey is an AWS key pair of random characters.
func madeUpKey() string {
	var b [40]byte
	_, _ = rand.Read(b[:]) // never fails
	id := base32.StdEncoding.EncodeToString(b[:10])
	secret := base64.RawStdEncoding.EncodeToString(b[10:])
	return fmt.Sprintf("aws_access_key_id = AKIA%s\naws_secret_access_key = %s\n", id, secret)
}

func newHash(size int) hash.Hash {
	if size == sha256.Size {
		return sha256.New()
	}
	return sha1.New()
}

func hashOf(size int, text string) []byte {
	h := newHash(size)
	h.Write([]byte(text))
	return h.Sum(nil)
}

// writeLoose writes a blob as a loose object, see gitrepository-layout(5).
func writeLoose(objects string, id []byte, text string) error {
	name := hex.EncodeToString(id)
	dir := filepath.Join(objects, name[:2])
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	var packed bytes.Buffer
	z := zlib.NewWriter(&packed)
	fmt.Fprintf(z, "blob %d\x00%s", len(text), text)
	if err := z.Close(); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(dir, name[2:]), packed.Bytes(), 0o600)
}

// indexOf is an index, version 2, of one file: see gitformat-index(5).
func indexOf(hashSize int, path string, id []byte) []byte {
	b := []byte("DIRC\x00\x00\x00\x02\x00\x00\x00\x01")
	entry := len(b)
	b = append(b, make([]byte, 24)...)             // times, device, inode: unknown
	b = binary.BigEndian.AppendUint32(b, 0o100644) // mode
	b = append(b, make([]byte, 12)...)             // owner, group, size: unknown
	b = append(b, id...)                           // blob
	b = binary.BigEndian.AppendUint16(b, uint16(len(path)))
	b = append(b, path...)
	b = append(b, make([]byte, 8-(len(b)-entry)%8)...) // at least one NUL
	h := newHash(hashSize)
	h.Write(b)
	return h.Sum(b)
}
