package baseline

import (
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/BurntSushi/toml"
	"github.com/stretchr/testify/require"
)

var update = flag.Bool("update", false, "rewrite the golden file")

func sample() *Baseline {
	return &Baseline{Salt: []byte("0123456789abcdef"), Entries: []Entry{
		{Fingerprint: "00112233445566778899aabbccddeeff", Rule: "acme-token", Reason: "revoked in ticket 7"},
		{Fingerprint: "1111111111111111111111111111111a", Rule: "generic-password", Paths: []string{"<commit-message>", "docs/日本.md", "test/a \"b\"\x1b\u202e.yml"},
			Reason: "of the test server", Owner: "@acme/platform", Until: "2027-01-31"},
		{Fingerprint: "1111111111111111111111111111111a", Rule: "generic-password", Paths: []string{"x\\y"}, Reason: "two\nlines"},
	}}
}

func TestEncodeGolden(t *testing.T) {
	const golden = "testdata/baseline.golden.toml"
	got := sample().Encode()
	if *update {
		require.NoError(t, os.WriteFile(golden, got, 0o644))
	}
	want, err := os.ReadFile(golden)
	require.NoError(t, err)
	require.Equal(t, string(want), string(got))
}

func TestEncodeIsDeterministic(t *testing.T) {
	want := sample().Encode()
	b, err := Decode("f", want)
	require.NoError(t, err)
	require.Equal(t, sample(), b)
	for range 20 {
		rand.Shuffle(len(b.Entries), func(i, j int) { b.Entries[i], b.Entries[j] = b.Entries[j], b.Entries[i] })
		require.Equal(t, string(want), string(b.Encode()))
	}
	b.Entries = append(b.Entries, b.Entries[0])
	require.Equal(t, string(want), string(b.Encode()))
}

func TestSaveAndLoad(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, FileName)
	b, err := Load(path)
	require.NoError(t, err)
	require.Equal(t, &Baseline{}, b)
	require.ErrorContains(t, b.Save(path), "no salt")

	require.NoError(t, sample().Save(path))
	info, err := os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o644), info.Mode().Perm())
	require.NoError(t, os.Chmod(path, 0o600))
	b, err = Load(path)
	require.NoError(t, err)
	require.Equal(t, sample(), b)
	require.NoError(t, b.Save(path))
	info, err = os.Stat(path)
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())

	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1, "no temporary file stays")
}

func TestSaveReplacesALink(t *testing.T) {
	dir := t.TempDir()
	target, path := filepath.Join(dir, "target"), filepath.Join(dir, FileName)
	require.NoError(t, os.WriteFile(target, []byte("keep"), 0o644))
	require.NoError(t, os.Symlink(target, path))
	require.NoError(t, sample().Save(path))
	kept, err := os.ReadFile(target)
	require.NoError(t, err)
	require.Equal(t, "keep", string(kept))
}

func TestSaveFailsWhole(t *testing.T) {
	dir := t.TempDir()
	require.Error(t, sample().Save(filepath.Join(dir, "none", FileName)))
	path := filepath.Join(dir, FileName)
	require.NoError(t, os.Mkdir(path, 0o755))
	require.ErrorContains(t, sample().Save(path), "write baseline "+path+": it is no regular file")
	files, err := os.ReadDir(dir)
	require.NoError(t, err)
	require.Len(t, files, 1)
	_, err = Load(path)
	require.ErrorContains(t, err, "not a regular file")
}

func TestCreateSaltsDiffer(t *testing.T) {
	a, b := Create(), Create()
	require.Len(t, a.Salt, 16)
	require.NotEqual(t, a.Salt, b.Salt)
	require.NotEqual(t, a.Fingerprinter().Of([]byte("x")), b.Fingerprinter().Of([]byte("x")))
}

// large is a baseline as a big company has one.
func large(n int) []byte {
	b := Create()
	for i := range n {
		e := Entry{
			Fingerprint: fmt.Sprintf("%08x%s", uint32(i)*2654435761, fpA[8:]), Rule: "generic-password",
			Paths:  []string{fmt.Sprintf("services/team-%d/config/application.yml", i%97)},
			Reason: "of the integration tests, revoked", Owner: "@acme/platform",
		}
		if i%10 == 0 {
			e.Until = "2027-01-31"
		}
		b.Entries = append(b.Entries, e)
	}
	return b.Encode()
}

func BenchmarkDecode10000(b *testing.B) {
	text := large(10_000)
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		_, _ = Decode("f", text)
	}
}

func BenchmarkLoad10000(b *testing.B) {
	path := filepath.Join(b.TempDir(), FileName)
	if err := os.WriteFile(path, large(10_000), 0o644); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		_, _ = Load(path)
	}
}

// The library's reading of the same text, for comparison.
func BenchmarkTOML10000(b *testing.B) {
	text := string(large(10_000))
	for b.Loop() {
		var f tomlFile
		_, _ = toml.Decode(text, &f)
	}
}

// tomlFile is a baseline as the TOML library reads it: the oracle.
type tomlFile struct {
	Version int
	Salt    string
	Accept  []struct {
		Fingerprint, Rule, Reason, Owner, Until string
		Paths                                   []string
	}
}

func requireOracle(t *testing.T, b *Baseline, text string) {
	var f tomlFile
	_, err := toml.Decode(text, &f)
	require.NoError(t, err)
	require.Equal(t, 1, f.Version)
	want := map[string]int{}
	for _, e := range f.Accept {
		want[fmt.Sprint(e.Fingerprint, e.Rule, sorted(e.Paths), e.Reason, e.Owner, e.Until)]++
	}
	got := map[string]int{}
	for _, e := range b.Entries {
		got[fmt.Sprint(e.Fingerprint, e.Rule, e.Paths, e.Reason, e.Owner, e.Until)]++
	}
	require.Equal(t, want, got)
	require.Equal(t, strings.ToLower(f.Salt), fmt.Sprintf("%x", b.Salt))
}

func TestRemove(t *testing.T) {
	b := Create()
	for _, c := range "abc" {
		b.Entries = append(b.Entries, Entry{Fingerprint: strings.Repeat(string(c), 32), Rule: "r", Reason: "x"})
	}
	b.Remove(b.Entries[1:2])
	require.Len(t, b.Entries, 2)
	require.Equal(t, strings.Repeat("c", 32), b.Entries[1].Fingerprint)
}
