package classify

import "bytes"

// meaning is what a name says its value is.
type meaning uint8

const (
	nothing  meaning = iota // no secret
	password                // chosen by a person, or not
	secret                  // a secret of some kind
	token
	key     // a key that is said to be secret: api key, private key
	auth    // an authorization
	someKey // "key" alone: an index, a map's key, or a key
)

// needs returns the least bits of randomness that make a value a secret under
// such a name.
func (m meaning) needs(s shape, exact bool) float64 {
	if s.length < 8 && m != password || s.length < 16 && !exact {
		return 1e9
	}
	switch m {
	case password:
		return 14
	case secret, key:
		return 10
	case token:
		return 12
	case auth:
		return 16
	}
	switch {
	case s.length < 12:
		return 1e9
	case s.dashes > 0 || s.dots > 0:
		return 32
	}
	return 18
}

const (
	maxName  = 96
	maxWords = 16
)

// meaningOf reads a name from its last word back: "db_password_2" is a
// password, is not.
//
// It is exact when every word behind the promise is neutral: a name such as
// promises less. A called function whose first word is
// a verb of looking or checking promises nothing.
func meaningOf(name []byte, called bool) (m meaning, exact bool) {
	if bytes.EqualFold(name, []byte("identified by")) {
		return password, true
	}
	if string(name) == "PWD" || string(name) == "OLDPWD" {
		return nothing, false // the working directory
	}
	if dot := bytes.LastIndexByte(name, '.'); called && dot >= 0 {
		name = name[dot+1:]
	}
	if len(name) > maxName {
		name = name[len(name)-maxName:]
	}
	var lower [maxName]byte
	var starts [maxWords + 1]int
	n := 0 // words found
	for i, c := range name {
		isUpper, isLetter := c-'A' < 26, c-'A' < 26 || c-'a' < 26 || c >= 0x80
		if isUpper {
			lower[i] = c | 0x20
		} else {
			lower[i] = c
		}
		if !isLetter {
			lower[i] = ' '
			continue
		}
		begins := i == 0 || lower[i-1] == ' ' ||
			isUpper && (name[i-1]-'a' < 26 || i+1 < len(name) && name[i-1]-'A' < 26 && name[i+1]-'a' < 26 && !pluralEnd(name, i))
		if begins {
			if n == maxWords {
				copy(starts[:], starts[1:])
				n--
			}
			starts[n] = i
			n++
		}
	}
	word := func(i int) []byte {
		if i < 0 || i >= n {
			return nil
		}
		end := len(name)
		if i+1 < n {
			end = starts[i+1]
		}
		w := lower[starts[i]:end]
		for len(w) > 0 && w[len(w)-1] == ' ' {
			w = w[:len(w)-1]
		}
		return w
	}
	exact = true
	for i := n - 1; i >= 0; i-- {
		w := word(i)
		m, known := coreWord(w)
		switch {
		case m == someKey:
			if exact {
				m = keyMeaning(word(i - 1))
			}
			return m, exact
		case m == auth && !exact:
			return nothing, false
		case m != nothing:
			if spoils(word(i-1)) || i > 1 && looks(word(0)) || m == token && counts(word(i-1)) {
				return nothing, false
			}
			if m == token && oneTime(word(i-1)) {
				exact = false
			}
			for j := 0; called && j < n; j++ {
				if w := word(j); looks(w) || checks(w) || string(w) == "pass" {
					return nothing, false
				}
			}
			return m, exact && !plural(w)
		case known:
			return nothing, false
		case !neutral(w):
			if exact = false; called {
				return nothing, false
			}
		}
	}
	return nothing, false
}

// plural tells tokens from pass: a list is no one secret.
func plural(w []byte) bool {
	return w[len(w)-1] == 's' && !hasSuffix(w, "ss")
}

// pluralEnd reports whether the upper-case letter at i starts no word, as in
// "URLs".
func pluralEnd(name []byte, i int) bool {
	return i+2 == len(name) && name[i+1] == 's'
}

// coreWord says what a word promises. Known words that promise nothing spoil
// the name they end.
func coreWord(w []byte) (m meaning, known bool) {
	switch string(w) {
	case "password", "passwd", "passwort", "pwd", "pass", "passphrase", "passcode", "psw", "pswd", "pw", "passw",
		"contrasena", "senha", "mdp", "kennwort", "sshpass", "pgpassword":
		return password, true
	case "secret", "secrets":
		return secret, true
	case "token", "tokens", "jwt", "bearer", "pat", "ticket", "verifier", "authcode":
		return token, true
	case "apikey", "secretkey", "accesskey", "privatekey", "authkey", "masterkey", "appkey", "encryptionkey", "accountkey", "signingkey", "apisecret", "appsecret", "clientsecret":
		return key, true
	case "auth", "basic", "authorization", "authentication", "credential", "credentials", "creds", "cred":
		return auth, true
	case "key":
		return someKey, true
	case "field", "label", "url", "uri", "path", "file", "filename", "dir", "name", "id", "ids", "type", "length", "len", "size",
		"count", "min", "max", "policy", "reset", "hint", "regex", "regexp", "pattern", "error", "errors", "message", "msg",
		"input", "form", "box", "prompt", "title", "placeholder", "expiry", "expires", "expiration", "expired", "ttl", "timeout", "age",
		"date", "time", "at", "endpoint", "host", "port", "header", "headers", "param", "params", "parameter", "method", "grant", "scope", "scopes",
		"provider", "manager", "service", "store", "handler", "validator", "encoder", "ref", "version", "algorithm", "alg",
		"format", "enabled", "required", "changed", "env", "var", "variable", "column", "index", "prefix", "suffix",
		"class", "kind", "status", "state", "mode", "list", "limit", "limits", "usage", "source", "rule", "rules", "strength",
		"icon", "css", "selector", "xpath", "mask", "char", "chars", "keys", "passwords", "hash", "digest", "checksum",
		"fingerprint", "location", "folder", "link", "page", "view", "button", "template", "command", "cmd", "function", "func",
		"callback", "property", "attribute", "attr", "option", "options", "config", "settings", "generator", "factory", "builder",
		"event", "action", "request", "response", "result", "object", "map", "table", "bits", "number", "num", "position", "pos",
		"offset", "start", "end", "help", "description", "desc", "text", "info", "note", "role", "group", "user", "username", "login",
		"email", "address", "domain", "realm", "issuer", "audience", "subject", "engine", "backend", "plugin", "module", "driver",
		"vault", "arn", "exists", "missing", "not", "found", "is", "has", "can", "should", "use", "allow", "disable", "enable",
		"show", "hide", "toggle", "visible", "lifetime", "interval", "rotation", "period", "policies", "recovery", "forgot", "change", "update",
		"server", "client", "uris", "urls", "cookie", "session", "spec", "code", "codes", "cache", "usages", "ring", "pair", "agreement",
		"encode", "decode", "strip", "replace", "split", "join", "matches", "includes", "contains", "normalize", "attrs", "askpass", "hashing", "requirements", "sha", "md", "word", "words", "board", "boards", "frames", "frame", "derivation", "exchange", "press", "down", "up", "space", "stroke":
		return nothing, true
	}
	return compound(w)
}

// compound reads words that are written together: "dbpassword".
func compound(w []byte) (meaning, bool) {
	switch {
	case hasSuffix(w, "password"), hasSuffix(w, "passwd"), hasSuffix(w, "passphrase"), hasSuffix(w, "pwd") && len(w) > 3,
		hasSuffix(w, "passwort"):
		return password, true
	case hasSuffix(w, "pass") && len(w) > 5:
		switch string(w) {
		case "bypass", "compass", "encompass", "trespass", "surpass", "overpass", "multipass", "underpass", "renderpass", "firstpass":
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
	case "api", "secret", "private", "access", "encryption", "encrypt", "signing", "sign", "auth", "aes", "master", "account", "license", "licence",
		"app", "application", "client", "service", "session", "crypt", "crypto", "cipher", "hmac", "ssh", "consumer", "customer", "shared", "storage", "admin",
		"webhook", "developer", "subscription", "integration", "server", "write", "read", "ingest", "deploy", "deployment", "personal",
		"certificate", "mac", "rsa", "jwt", "cookie", "instrumentation", "user", "refresh", "authorization", "maps", "gcp", "google", "stripe", "sendgrid", "mailgun",
		"functions", "function", "host", "sas", "wrapped", "decryption", "decrypt", "salt", "kms", "data", "recaptcha", "captcha", "openai", "anthropic", "hash", "prev", "node":
		return key
	case "public", "pub", "encrypted", "primary", "foreign", "cache", "partition", "sort", "routing", "row", "hot", "i18n", "translation", "publishable", "message", "lang", "label",
		"object", "s3", "config", "range", "index", "shortcut", "registry", "field", "unique", "map", "dict", "type", "context", "meta", "metadata",
		"lookup", "sorting", "group", "event", "menu", "css", "property", "attr", "react", "param", "header", "setting", "settings", "locale", "text", "title", "name", "id", "error", "state", "item", "key", "any", "enter", "escape", "arrow", "tab", "shift", "ctrl", "on", "each", "by":
		return nothing
	}
	return someKey
}

// spoils reports whether a word before the core word turns the name into that
// of something else.
func spoils(w []byte) bool {
	switch string(w) {
	case "no", "has", "is", "get", "find", "reset", "forgot", "forgotten", "ask", "prompt", "needs", "require", "requires",
		"change", "csrf", "xsrf", "public", "page", "next", "continuation", "syntax", "parse", "lex", "lexer", "eof", "end", "start", "pagination", "unexpected", "missing",
		"update", "generate", "hash", "make", "from", "encrypted", "hashed", "param", "attr", "column", "field":
		return true
	}
	return false
}

// counts recognises the words that make a token one that marks a place or a
// request, and gives nothing away.
func counts(w []byte) bool {
	switch string(w) {
	case "key", "lock", "idempotency", "starting", "next", "action", "creation", "continuation", "continue", "sync", "change", "cancellation", "cancel", "stop", "special":
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
	case "get", "find", "is", "has", "can", "should", "lookup", "fetch", "ask", "read", "load", "pop", "require":
		return true
	}
	return false
}

// checks recognises verbs of functions that take a secret's words and do not
// set one.
func checks(w []byte) bool {
	switch string(w) {
	case "check", "validate", "hash", "make", "create", "generate", "change", "update", "reset", "encode", "decode", "encrypt", "decrypt", "remove", "delete", "show", "render", "print", "log":
		return true
	}
	return false
}

// neutral words leave what the word before them promises.
func neutral(w []byte) bool {
	switch string(w) {
	case "new", "old", "value", "val", "str", "string", "plain", "plaintext", "default", "confirm", "confirmation", "again", "repeat", "base", "b", "raw", "current", "admin",
		"prod", "dev", "test", "staging", "production", "development", "live", "local", "master", "root", "v", "p", "a", "main", "primary", "secondary", "backup", "valid", "invalid", "expected", "wrong", "bad",
		"once", "sys", "db", "one", "two", "eq", "equals", "as", "ext":
		return true
	}
	return false
}

func hasSuffix(w []byte, s string) bool {
	return len(w) >= len(s) && string(w[len(w)-len(s):]) == s
}
