package files

import (
	"path/filepath"
	"strings"
)

// The names below decide what is scanned although git ignores it, and which
// ignored folders are passed over. Case makes no difference. Outside ignored
// paths they mean nothing.

// credentialFile reports whether a file of this name is scanned although it is
// ignored: tools keep credentials in it, or people say by its name that it holds one.
func credentialFile(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case ".boto", ".dev.vars", ".dockercfg", ".dockerconfigjson", ".envrc", ".flaskenv", ".git-credentials",
		".htpasswd", ".my.cnf", ".netrc", "_netrc", ".npmrc", ".passwd-s3fs", ".pgpass", "pgpass.conf", ".pypirc",
		".s3cfg", ".terraformrc", "terraform.rc", ".vault-token", ".vault_pass", ".yarnrc.yml",
		"application.properties", "application.yml", "appsettings.json", "auth.json", "config.json", "database.yml",
		"env", "gradle.properties", "hosts.yml", "id_dsa", "id_ecdsa", "id_ed25519", "id_rsa", "key.properties",
		"keystore.properties", "local.properties", "local.settings.json", "local_settings.py", "localsettings.php",
		"master.key", "nuget.config", "parameters.yml", "pip.conf", "rclone.conf", "rootkey.csv", "settings.xml",
		"sftp.json", "token", "token.json", "wp-config.php":
		return true
	}
	return strings.HasPrefix(name, ".env") || hasAny(name, strings.HasSuffix,
		".asc", ".env", ".jks", ".key", ".keystore", ".keytab", ".ovpn", ".p12", ".p8", ".pem", ".pfx", ".ppk",
		".tfbackend", ".tfstate", ".tfstate.backup", ".tfvars", ".tfvars.json",
	) || hasAny(name, strings.Contains,
		"accesskey", "access_key", "access-key", "apikey", "api_key", "api-key", "credential", "kubeconfig", "passw",
		"secret", "serviceaccount", "service_account", "service-account",
	)
}

// credentialFolder reports whether an ignored folder is scanned whole.
func credentialFolder(name string) bool {
	switch strings.ToLower(name) {
	case ".aws", ".azure", ".credentials", ".docker", ".gcloud", ".gnupg", ".kube", ".secrets", ".ssh",
		"credentials", "gcloud", "passwords", "private_keys", "secrets":
		return true
	}
	return false
}

// cacheFolder reports whether an ignored folder is one that tools make from
// other sources. Nothing below it is scanned.
func cacheFolder(name string) bool {
	switch strings.ToLower(name) {
	case ".angular", ".build", ".bundle", ".cache", ".dart_tool", ".eggs", ".gradle", ".hypothesis",
		".ipynb_checkpoints", ".mypy_cache", ".next", ".nox", ".nuxt", ".nyc_output", ".parcel-cache",
		".pnpm-store", ".pytest_cache", ".ruff_cache", ".sass-cache", ".stack-work", ".svelte-kit",
		".terragrunt-cache", ".tox", ".turbo", ".venv", ".vite", ".yarn", "__pycache__", "_build", "bazel-bin",
		"bazel-out", "bazel-testlogs", "bin", "bower_components", "build", "carthage", "cmakefiles", "coverage",
		"deps", "deriveddata", "dist", "dist-newstyle", "elm-stuff", "htmlcov", "jspm_packages", "node_modules",
		"obj", "out", "pods", "site-packages", "target", "vendor", "venv", "virtualenv", "zig-cache":
		return true
	}
	return false
}

// holdsCacheMark reports whether a folder says of itself that it is a cache
// (bford.info/cachedir) or a Python environment (PEP 405).
func holdsCacheMark(folder string) bool {
	return exists(filepath.Join(folder, "CACHEDIR.TAG")) || exists(filepath.Join(folder, "pyvenv.cfg"))
}

// gitStore reports whether a folder inside a .git folder holds what git made:
// objects, refs, logs. The others (modules, worktrees) may lead to a configuration.
func gitStore(name string) bool {
	switch name {
	case "branches", "hooks", "info", "lfs", "logs", "objects", "refs", "rr-cache":
		return true
	}
	return false
}

func hasAny(name string, has func(s, part string) bool, parts ...string) bool {
	for _, part := range parts {
		if has(name, part) {
			return true
		}
	}
	return false
}
