package config

import (
	"encoding/hex"
	"errors"
	"net/url"
	"path/filepath"
	"strings"
)

// Reference names a document that a configuration or a user points to: a file, or
// a URL, whose content must have the digest that stands behind it:
//
//	../shared/base.toml
//	/etc/shrike/policy.toml#sha256=00112233...
//	https://config.example/policy.toml#sha256=00112233...
type Reference struct {
	File string // in the system's spelling; empty for a URL
	URL  string // without the fragment; empty for a file
	Sum  string // SHA-256 of the content, 64 lower-case hex digits; may be empty for a file
}

// digestMark stands between a document and its digest.
const digestMark = "#sha256="

// ParseReference reads the text of a reference. Its errors do not quote it: a URL
// may hold a password.
func ParseReference(text string) (Reference, error) {
	name, sum, pinned := strings.Cut(text, digestMark)
	if raw, err := hex.DecodeString(sum); pinned && (err != nil || len(raw) != 32) {
		return Reference{}, errors.New("what follows #sha256= is no SHA-256: want 64 hex digits")
	}
	r := Reference{Sum: strings.ToLower(sum)}
	scheme, _, isURL := strings.Cut(name, "://")
	switch {
	case name == "":
		return r, errors.New("a reference names a file or a URL")
	case !isURL:
		if !strings.HasSuffix(name, ".toml") {
			return r, errors.New("want the name of a .toml file, or a URL") // a stranger must not have us read what is not made for us
		}
		r.File = filepath.FromSlash(name)
		return r, nil
	case scheme != "https" && scheme != "http":
		return r, errors.New("want a URL that starts with https://")
	}
	u, err := url.Parse(name)
	switch {
	case err != nil || u.Host == "":
		return r, errors.New("not a URL")
	case u.User != nil:
		return r, errors.New("a URL must hold no user and no password")
	case u.Fragment != "" || !pinned:
		return r, errors.New("a URL must say what is to be found there: add " + digestMark + " and the SHA-256 of the content")
	}
	r.URL = u.String()
	return r, nil
}
