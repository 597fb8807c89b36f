// Package cache keeps what one scan of a repository learned for the next one, in
// one file. It knows the file's frame and nothing of what is in it.
//
// Numbers are little-endian:
//
//	magic      "shrike\x00h", 8 bytes
//	version    uint32 = Version
//	count      uint32, of sections
//	key        32 bytes: what the content depends on besides the repository
//	lengths    count x uint64
//	sections   one after the other
//	checksum   SHA-256 of all the above
//
// The checksum finds damage, not forgery: whoever can write the user's cache
// folder can also write a file that passes.
package cache

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// Version of the frame and of the content. A file of any other is not read.
const Version = 1

// MaxSize bounds the files that are read and written, in bytes.
const MaxSize = 2 << 30

// Key stands for everything that the content depends on and that the repository's
// objects do not tell: rules, program, settings.
type Key [sha256.Size]byte

// The reasons why a file is not used.
var (
	ErrForeign   = errors.New("it is no history cache")
	ErrVersion   = errors.New("another version of the program wrote it")
	ErrTruncated = errors.New("it is truncated")
	ErrDamaged   = errors.New("it does not match its checksum")
)

const (
	magic  = "shrike\x00h"
	header = len(magic) + 4 + 4 + len(Key{})
)

// Read gives the key and the sections of a file. An error is one of those above,
// wrapped, or tells why the file could not be read; without a file it is
// fs.ErrNotExist.
func Read(file string) (key Key, sections [][]byte, err error) {
	info, err := os.Stat(file)
	if err != nil {
		return key, nil, err
	}
	if !info.Mode().IsRegular() || info.Size() > MaxSize {
		return key, nil, ErrForeign
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return key, nil, err
	}
	return Parse(data)
}

// Parse splits the bytes of a file into its key and its sections, which point into
// them.
func Parse(data []byte) (key Key, sections [][]byte, err error) {
	if !bytes.HasPrefix(data, []byte(magic)) {
		return key, nil, ErrForeign
	}
	if len(data) < header+sha256.Size {
		return key, nil, ErrTruncated
	}
	if binary.LittleEndian.Uint32(data[len(magic):]) != Version {
		return key, nil, ErrVersion
	}
	end := len(data) - sha256.Size
	if sha256.Sum256(data[:end]) != [sha256.Size]byte(data[end:]) {
		return key, nil, ErrDamaged
	}
	key = Key(data[header-len(key) : header])
	count := uint64(binary.LittleEndian.Uint32(data[len(magic)+4:]))
	body := data[header:end]
	if count > uint64(len(body)/8) {
		return key, nil, ErrTruncated
	}
	lengths, body := body[:8*count], body[8*count:]
	for ; len(lengths) > 0; lengths = lengths[8:] {
		n := binary.LittleEndian.Uint64(lengths)
		if n > uint64(len(body)) {
			return key, nil, ErrTruncated
		}
		sections = append(sections, body[:n:n])
		body = body[n:]
	}
	if len(body) > 0 {
		return key, nil, ErrDamaged
	}
	return key, sections, nil
}

// Format gives the bytes of a file.
func Format(key Key, sections [][]byte) []byte {
	size := header + 8*len(sections) + sha256.Size
	for _, s := range sections {
		size += len(s)
	}
	data := make([]byte, 0, size)
	data = append(data, magic...)
	data = binary.LittleEndian.AppendUint32(data, Version)
	data = binary.LittleEndian.AppendUint32(data, uint32(len(sections)))
	data = append(data, key[:]...)
	for _, s := range sections {
		data = binary.LittleEndian.AppendUint64(data, uint64(len(s)))
	}
	for _, s := range sections {
		data = append(data, s...)
	}
	sum := sha256.Sum256(data)
	return append(data, sum[:]...)
}

// Write puts a file in place, which appears whole or not at all, readable for its
// owner alone. Of several writers at once the last wins. Missing folders are made.
func Write(file string, key Key, sections [][]byte) (err error) {
	data := Format(key, sections)
	if int64(len(data)) > MaxSize {
		return fmt.Errorf("write %s: %d bytes are more than the %d that are read again", file, len(data), int64(MaxSize))
	}
	dir := filepath.Dir(file)
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	temp, err := os.CreateTemp(dir, "."+filepath.Base(file)+".*") // mode 0600
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = os.Remove(temp.Name())
		}
	}()
	_, err = temp.Write(data)
	if err := errors.Join(err, temp.Close()); err != nil {
		return err
	}
	return os.Rename(temp.Name(), file)
}

// Missing reports whether an error of Read says that there is no file yet.
func Missing(err error) bool { return errors.Is(err, fs.ErrNotExist) }
