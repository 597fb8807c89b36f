package structured

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// passwordWords end a name whose value people choose, so that any value of it
// may be real.
var passwordWords = []string{"password", "passwd", "passphrase", "passcode", "pwd"}

// secretWords end a name whose value a machine made.
var secretWords = []string{"secret", "token", "apikey", "secretkey", "privatekey", "accesskey", "authkey", "credential", "credentials"}

// keyWords make a secret of a following "key", which alone says nothing: a key
// may be public, a name, or the key of a table.
var keyWords = []string{
	"access", "account", "api", "auth", "encryption", "hmac", "license", "master",
	"private", "secret", "service", "session", "shared", "signing",
}

// neutralWords may follow a secret's name without changing what it names.
var neutralWords = []string{"value", "string", "text", "plain", "plaintext", "literal", "default", "default value"}

// switchWords begin a name that asks for something instead of holding it:
// ManageMasterUserPassword, RequireToken.
var switchWords = []string{"manage", "require", "requires", "enable", "disable", "use", "has", "is", "allow", "rotate", "generate", "exclude"}

// notSecrets are names that end as secrets do and are none: idempotency and
// paging tokens, the function behind a custom resource.
var notSecrets = []string{"clienttoken", "clientrequesttoken", "nexttoken", "servicetoken", "httptoken", "idempotencytoken"}

// nameClass says what a property's or variable's name promises of its value.
type nameClass uint8

const (
	notSecret    nameClass = iota
	secretName             // a token or key: looks random
	passwordName           // chosen by people: may look like anything
)

// classifyName reads a name in any casing: DbPassword, DB_PASSWORD, db-password,
// dbpassword. What a name is, its last words say: PasswordPolicy and SecretArn
// are no secrets.
func classifyName(name string) nameClass {
	if !holdsStem(name) {
		return notSecret
	}
	words := splitWords(name)
	for len(words) > 1 && (slices.Contains(neutralWords, words[len(words)-1]) || isNumber(words[len(words)-1])) {
		words = words[:len(words)-1]
	}
	if len(words) == 0 || len(words) > 1 && slices.Contains(switchWords, words[0]) || slices.Contains(notSecrets, strings.Join(words, "")) {
		return notSecret
	}
	last := strings.TrimRight(words[len(words)-1], "0123456789")
	switch {
	case endsWithAny(last, passwordWords):
		return passwordName
	case last == "pass" && len(words) > 1:
		return passwordName
	case endsWithAny(last, secretWords):
		return secretName
	case last == "cookie" && len(words) > 1 && words[len(words)-2] == "erlang": // of RabbitMQ's nodes
		return secretName
	case last == "key" && len(words) > 1 && slices.Contains(keyWords, words[len(words)-2]):
		return secretName
	}
	return notSecret
}

// holdsStem turns most names away before they are cut into words.
func holdsStem(name string) bool {
	for i, c := range []byte(name) {
		if c >= utf8.RuneSelf {
			return true // not ASCII, but it may be in lower case
		}
		if i+1 == len(name) || !isLook(c, name[i+1]) {
			continue
		}
		for k := range stems {
			if hasPrefixFold(name[i:], stems[k].stem) {
				return true
			}
		}
	}
	return false
}

func endsWithAny(s string, endings []string) bool {
	return slices.ContainsFunc(endings, func(ending string) bool { return strings.HasSuffix(s, ending) })
}

func isNumber(s string) bool { return strings.Trim(s, "0123456789") == "" }

// splitWords cuts a name at punctuation and at changes of case, and lowers it:
// DBMasterPassword is db, master, password.
func splitWords(name string) []string {
	var words []string
	runes := []rune(name)
	start := 0
	cut := func(end int) {
		if end > start {
			words = append(words, strings.ToLower(string(runes[start:end])))
		}
	}
	for i, r := range runes {
		switch {
		case !unicode.IsLetter(r) && !unicode.IsDigit(r):
			cut(i)
			start = i + 1
		case i > start && unicode.IsUpper(r) && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1])):
			cut(i)
			start = i
		}
	}
	cut(len(runes))
	return words
}
