package files

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestIgnoredInWorkTree(t *testing.T) {
	tree(t, map[string]string{
		".git/HEAD":                     "ref: refs/heads/main\n",
		".git/config":                   key(1),
		".git/objects/ab/cd":            key(2),
		".git/modules/sub/config":       key(3),
		".git/info/exclude":             "excluded.txt\n",
		".gitignore":                    "*.log\n/node_modules/\nprivate/\n.env*\n*.pem\nvendor\nenv/\nlocal/\n",
		"sub/.gitignore":                "!kept.log\n",
		"sub/kept.log":                  key(10),
		"sub/dropped.log":               key(11),
		"excluded.txt":                  key(12),
		".env":                          key(13),
		".env.production":               key(14),
		"server.pem":                    key(15),
		"node_modules/x/.env":           key(16),
		"lib/node_modules/x/index.js":   key(17), // not ignored: the rule is anchored
		"private/notes.txt":             key(18),
		"private/prod.tfvars":           key(19),
		"private/deep/id_rsa":           key(20),
		"private/deep/vendor/x/.npmrc":  key(21),
		"private/.aws/config":           key(22),
		"private/.aws/sso/cache/a.json": key(23),
		"env/pyvenv.cfg":                "",
		"env/lib/site/credentials":      key(24),
		"local/CACHEDIR.TAG":            "",
		"local/.env":                    key(25),
		"nested/.git":                   "gitdir: elsewhere\n",
		"nested/file.log":               key(26), // the outer rules end at a nested work tree
		"nested/.gitignore":             "mine.txt",
		"nested/mine.txt":               key(27),
		"vendor/code.go":                key(28),
	})
	c, receipt := scan(t, Options{}, ".")
	require.Equal(t, []string{
		".env.production:1 " + key(14),
		".env:1 " + key(13),
		".git/config:1 " + key(1),
		".git/modules/sub/config:1 " + key(3),
		"lib/node_modules/x/index.js:1 " + key(17),
		"nested/file.log:1 " + key(26),
		"private/.aws/config:1 " + key(22),
		"private/.aws/sso/cache/a.json:1 " + key(23),
		"private/deep/id_rsa:1 " + key(20),
		"private/prod.tfvars:1 " + key(19),
		"server.pem:1 " + key(15),
		"sub/kept.log:1 " + key(10),
	}, places(c))
	require.Equal(t, map[Reason][]string{
		GitInternals: {".git"},
		CacheFolder:  {"env", "local", "node_modules", "private/deep/vendor", "vendor"},
		IgnoredFile:  {"excluded.txt", "nested/mine.txt", "private/notes.txt", "sub/dropped.log"},
	}, skipped(receipt))

	c, receipt = scan(t, Options{All: true}, ".")
	require.Len(t, places(c), 22, "everything is scanned on request")
	require.Empty(t, receipt.Skipped)
}

func TestIgnoreFilesAboveTheArgument(t *testing.T) {
	tree(t, map[string]string{
		".git/HEAD":     "",
		".gitignore":    "*.log\na/b/x.txt\nbuild/\n",
		"a/.gitignore":  "y.txt\n",
		"a/b/x.txt":     key(1),
		"a/b/y.txt":     key(2),
		"a/b/z.log":     key(3),
		"a/b/seen.txt":  key(4),
		"build/out.txt": key(5),
	})
	c, _ := scan(t, Options{}, "a/b")
	require.Equal(t, []string{"a/b/seen.txt:1 " + key(4)}, places(c))
	c, _ = scan(t, Options{}, "build", "a/b/z.log")
	require.Equal(t, []string{"a/b/z.log:1 " + key(3), "build/out.txt:1 " + key(5)}, places(c),
		"what is named is scanned")
}

func TestIgnoreFilesOutsideAWorkTree(t *testing.T) {
	tree(t, map[string]string{".gitignore": "*", "f": key(1), "node_modules/x": key(2)})
	c, _ := scan(t, Options{}, ".")
	require.Len(t, places(c), 2, "an unpacked archive hides nothing")
}

func TestLinkedWorkTree(t *testing.T) {
	tree(t, map[string]string{
		"main/.git/info/exclude":            "hidden.txt\n",
		"main/.git/worktrees/two/commondir": "../..\n",
		"two/.git":                          "gitdir: ../main/.git/worktrees/two\n",
		"two/hidden.txt":                    key(1),
		"two/seen.txt":                      key(2),
	})
	c, _ := scan(t, Options{}, "two")
	require.Equal(t, []string{"two/seen.txt:1 " + key(2)}, places(c))
}

func TestIgnoredNames(t *testing.T) {
	for _, name := range []string{
		".env", ".env.local", "prod.env", ".ENVRC", "server.KEY", "credentials", ".npmrc", ".netrc", ".pgpass", "id_rsa",
		"terraform.tfstate", "prod.auto.tfvars", "store.p12", "secrets.yml", "config.json", "kubeconfig", "kubeconfig.yaml",
		"my-app-credentials.csv", "db_password.txt", "client_secret_1.json",
	} {
		require.True(t, credentialFile(name), name)
	}
	for _, name := range []string{"main.o", "debug.log", "index.js", "notes.txt", "a.out", ".DS_Store", "environment.d.ts"} {
		require.False(t, credentialFile(name), name)
	}
	require.True(t, credentialFolder(".AWS"))
	require.True(t, cacheFolder("Node_Modules"))
	require.False(t, cacheFolder("src"))
}
