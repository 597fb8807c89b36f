package classify

// coreWord says what a word promises. Known words that promise nothing spoil
// the name they end.
func coreWord(w []byte) (m meaning, known bool) {
	switch string(w) {
	case "password", "passwd", "passwort", "pwd", "pass", "passphrase", "passcode", "psw", "pswd", "pw",
		"passw", "contrasena", "senha", "mdp", "kennwort", "sshpass", "pgpassword", "passwords", "authtok":
		return password, true
	case "secret", "secrets":
		return secret, true
	case "token", "tokens", "jwt", "bearer", "pat", "ticket", "verifier", "authcode":
		return token, true
	case "apikey", "secretkey", "accesskey", "privatekey", "authkey", "masterkey", "appkey", "encryptionkey", "decryptionkey", "validationkey",
		"accountkey", "signingkey", "apisecret", "appsecret", "clientsecret":
		return key, true
	case "auth", "basic", "authorization", "authentication", "credential", "credentials", "creds", "cred":
		return auth, true
	case "key", "keys":
		return someKey, true
	case "field", "label", "url", "uri", "path", "file", "filename", "dir", "name", "id", "ids", "type",
		"length", "len", "size", "count", "min", "max", "policy", "reset", "hint", "regex", "regexp",
		"pattern", "error", "errors", "message", "msg", "input", "form", "box", "prompt", "title",
		"placeholder", "expiry", "expires", "expiration", "expired", "ttl", "timeout", "age", "date", "time",
		"at", "endpoint", "host", "port", "header", "headers", "param", "params", "parameter", "method",
		"grant", "scope", "scopes", "provider", "manager", "service", "store", "handler", "validator",
		"encoder", "ref", "version", "algorithm", "alg", "format", "enabled", "required", "changed", "env",
		"var", "variable", "column", "index", "prefix", "suffix", "class", "kind", "status", "state", "mode",
		"list", "limit", "limits", "usage", "source", "rule", "rules", "strength", "icon", "css", "selector",
		"xpath", "mask", "char", "chars", "hash", "digest", "checksum", "fingerprint",
		"location", "folder", "link", "page", "view", "button", "template", "command", "cmd", "function",
		"func", "callback", "property", "attribute", "attr", "option", "options", "config", "settings",
		"generator", "factory", "builder", "event", "action", "request", "response", "result", "object",
		"map", "table", "bits", "number", "num", "position", "pos", "offset", "start", "end", "help",
		"description", "desc", "text", "info", "note", "role", "group", "user", "username", "login", "email",
		"address", "domain", "realm", "issuer", "audience", "subject", "engine", "backend", "plugin",
		"module", "driver", "vault", "arn", "exists", "missing", "not", "found", "is", "has", "can",
		"should", "use", "allow", "disable", "enable", "show", "hide", "toggle", "visible", "lifetime",
		"interval", "rotation", "period", "policies", "recovery", "forgot", "change", "update", "server",
		"client", "uris", "urls", "cookie", "session", "spec", "code", "codes", "cache", "usages", "ring",
		"pair", "agreement", "encode", "decode", "strip", "replace", "split", "join", "matches", "includes",
		"contains", "normalize", "attrs", "askpass", "hashing", "requirements", "sha", "md", "word", "words",
		"board", "boards", "frames", "frame", "derivation", "exchange", "press", "down", "up", "space",
		"stroke":
		return nothing, true
	}
	return compound(w)
}

// compound reads words that are written together: "dbpassword".
func compound(w []byte) (meaning, bool) {
	switch {
	case hasPrefix(w, "check") && len(w) > len("check"):
		return nothing, true // checkpasswd
	case hasSuffix(w, "password"), hasSuffix(w, "passwd"), hasSuffix(w, "passphrase"), hasSuffix(w, "pwd") && len(w) > 3,
		hasSuffix(w, "passwort"):
		return password, true
	case hasSuffix(w, "pass") && len(w) > 5:
		switch string(w) {
		case "bypass", "compass", "encompass", "trespass", "surpass", "overpass", "multipass", "underpass",
			"renderpass", "firstpass", "minipass", "pkpass":
			return nothing, true
		}
		return password, true
	case hasSuffix(w, "secret") && len(w) > 6:
		return secret, true
	case hasSuffix(w, "token") && len(w) > 5:
		return token, true
	case hasSuffix(w, "apikey"), hasSuffix(w, "secretkey"), hasSuffix(w, "accesskey"), hasSuffix(w, "privatekey"), hasSuffix(w, "authkey"), hasSuffix(w, "authsalt"):
		return key, true
	}
	return nothing, false
}

// keyMeaning says what kind of key the word before "key" makes it.
func keyMeaning(before []byte) meaning {
	switch string(before) {
	case "api", "secret", "private", "access", "encryption", "encrypt", "signing", "sign", "auth", "aes",
		"master", "account", "license", "licence", "app", "application", "client", "service", "session",
		"crypt", "crypto", "cipher", "hmac", "ssh", "consumer", "customer", "shared", "storage", "admin",
		"webhook", "developer", "subscription", "integration", "server", "write", "read", "ingest", "deploy",
		"deployment", "personal", "certificate", "mac", "rsa", "jwt", "cookie", "instrumentation", "user",
		"refresh", "authorization", "maps", "gcp", "google", "stripe", "sendgrid", "mailgun", "functions",
		"function", "host", "sas", "wrapped", "decryption", "decrypt", "salt", "kms", "data", "recaptcha",
		"captcha", "openai", "anthropic", "prev":
		return key
	case "s", // what is left of s3
		"public", "pub", "encrypted", "primary", "foreign", "cache", "partition", "sort", "routing", "row",
		"hot", "i18n", "translation", "publishable", "message", "lang", "label", "object", "s3", "config",
		"range", "index", "shortcut", "registry", "field", "unique", "map", "dict", "type", "context",
		"meta", "metadata", "lookup", "sorting", "group", "event", "menu", "css", "property", "attr",
		"react", "param", "header", "setting", "settings", "locale", "text", "title", "name", "id", "error",
		"state", "item", "key", "any", "blob", "enter", "escape", "arrow", "tab", "shift", "ctrl", "on", "each",
		"by", "repository", "identifier", "idempotency", "verifier", "verify", "verifying":
		return nothing
	}
	return someKey
}

// spoils reports whether a word before the core word turns the name into that
// of something else.
func spoils(w []byte) bool {
	switch string(w) {
	case "no", "has", "is", "get", "find", "reset", "forgot", "forgotten", "ask", "prompt", "needs",
		"require", "requires", "change", "csrf", "xsrf", "public", "page", "next", "continuation", "syntax",
		"parse", "lex", "lexer", "eof", "end", "start", "pagination", "unexpected", "missing", "update",
		"generate", "hash", "make", "from", "encrypted", "hashed", "param", "attr", "column", "field", "existing",
		"any", "all", "each", "every", "both", "multi":
		return true
	}
	return false
}

// counts recognises the words that make a token one that marks a place or a
// request, and gives nothing away.
func counts(w []byte) bool {
	switch string(w) {
	case "key", "lock", "idempotency", "starting", "next", "action", "creation", "continuation", "continue",
		"sync", "change", "cancellation", "cancel", "stop", "special":
		return true
	}
	return false
}

// oneTime recognises the words of tokens that are often no credentials.
func oneTime(w []byte) bool {
	switch string(w) {
	case "client", "request", "confirmation", "verification":
		return true
	}
	return false
}

// looks recognises verbs that ask for a value.
func looks(w []byte) bool {
	switch string(w) {
	case "get", "find", "is", "has", "can", "should", "lookup", "fetch", "ask", "read", "load", "pop",
		"require":
		return true
	}
	return false
}

// checks recognises verbs of functions that take a secret's words and do not
// set one.
func checks(w []byte) bool {
	switch string(w) {
	case "check", "validate", "hash", "make", "create", "generate", "generated", "change", "update", "reset", "encode",
		"decode", "encrypt", "decrypt", "remove", "delete", "show", "render", "print", "log":
		return true
	}
	return false
}

// neutral words leave what the word before them promises.
func neutral(w []byte) bool {
	switch string(w) {
	case "new", "old", "value", "val", "str", "string", "plain", "plaintext", "default", "confirm",
		"confirmation", "again", "repeat", "base", "b", "raw", "current", "admin", "prod", "dev", "test",
		"staging", "production", "development", "live", "local", "master", "root", "v", "p", "a", "main",
		"primary", "secondary", "backup", "valid", "invalid", "expected", "wrong", "bad", "once", "sys",
		"db", "one", "two", "eq", "equals", "as", "ext":
		return true
	}
	return false
}
