package cache

import (
	"crypto/sha256"
	"encoding/binary"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"testing"

	"github.com/stretchr/testify/require"
)

var key = Key{1, 2, 3}

// sealed gives data with its last bytes replaced by a fitting checksum.
func sealed(data []byte) []byte {
	end := len(data) - sha256.Size
	sum := sha256.Sum256(data[:end])
	return append(data[:end:end], sum[:]...)
}

func TestReadGivesWhatWasWritten(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "made", "on demand")
	file := filepath.Join(dir, "one")
	_, _, err := Read(file)
	require.ErrorIs(t, err, fs.ErrNotExist)
	require.True(t, Missing(err))
	for _, sections := range [][][]byte{nil, {[]byte("abc"), {}, []byte("de")}, {make([]byte, 1<<20)}} {
		require.NoError(t, Write(file, key, sections))
		made, got, err := Read(file)
		require.NoError(t, err)
		require.Equal(t, key, made)
		require.Len(t, got, len(sections))
		for i := range sections {
			require.Equal(t, len(sections[i]), len(got[i]))
			require.Equal(t, string(sections[i]), string(got[i]))
		}
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1, "no temporary file stays")
	if runtime.GOOS != "windows" {
		for path, mode := range map[string]fs.FileMode{file: 0o600, dir: 0o700} {
			info, err := os.Stat(path)
			require.NoError(t, err)
			require.Equal(t, mode, info.Mode().Perm())
		}
	}
}

func TestParseRefuses(t *testing.T) {
	good := Format(key, [][]byte{[]byte("abc"), []byte("de")})
	with := func(at int, b byte) []byte {
		data := append([]byte(nil), good...)
		data[at] = b
		return data
	}
	lying := func(n uint64) []byte {
		data := append([]byte(nil), good...)
		binary.LittleEndian.PutUint64(data[header:], n)
		return sealed(data)
	}
	for name, c := range map[string]struct {
		data []byte
		err  error
	}{
		"an empty file":          {nil, ErrForeign},
		"another program's file": {[]byte("SQLite format 3\x00, and more than a header of bytes, so that length alone is no reason"), ErrForeign},
		"a header alone":         {good[:header], ErrTruncated},
		"a later version":        {sealed(with(len(magic), Version+1)), ErrVersion},
		"a cut file":             {good[:len(good)-1], ErrDamaged},
		"a longer file":          {append(append([]byte(nil), good...), 0), ErrDamaged},
		"too long a section":     {lying(1 << 60), ErrTruncated},
		"too short a section":    {lying(1), ErrDamaged},
		"too many sections":      {sealed(with(len(magic)+7, 0xff)), ErrTruncated},
	} {
		_, _, err := Parse(c.data)
		require.ErrorIs(t, err, c.err, name)
	}
	for at := range good {
		_, _, err := Parse(with(at, good[at]^0x10))
		require.Error(t, err, "byte %d", at)
		_, _, err = Parse(good[:at])
		require.Error(t, err, "cut at %d", at)
	}
}

func TestWriteLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(file, "by a folder"), 0o755))
	require.Error(t, Write(file, key, nil))
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, left, 1)
	_, _, err = Read(file)
	require.ErrorIs(t, err, ErrForeign)
}

func FuzzParse(f *testing.F) {
	f.Add(Format(key, [][]byte{[]byte("abc"), []byte("de")}), false)
	f.Add(Format(key, nil), true)
	f.Fuzz(func(t *testing.T, data []byte, seal bool) {
		if seal && len(data) >= sha256.Size {
			data = sealed(data)
		}
		key, sections, err := Parse(data)
		if err != nil {
			require.Nil(t, sections)
			return
		}
		require.Equal(t, data, Format(key, sections))
	})
}
