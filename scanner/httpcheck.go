package scanner

// HTTPCheck is a live check as it is authored: one read-only request that a
// provider documents, and what its answers mean. Package verify carries such
// checks for built-in rules, and makes the calls; a configuration may give one to a
// rule of its own.
//
// URL, header, form and basic-auth texts hold placeholders: {secret}, the name of a
// part of the credential ({access-key-id}), of a group of Split or of Near, or {host}.
// Each value is escaped for the place it goes to.
//
// A field of an answer is named by its path in the JSON body ("user.id", "data.0.name",
// or "." for the whole), or by "@" and the name of a header.
type HTTPCheck struct {
	Source   string            `toml:"source"`    // URL of the provider's documentation of the request
	Method   string            `toml:"method"`    // GET where empty, HEAD or POST
	ReadOnly string            `toml:"read-only"` // for POST: why it changes nothing
	Split    string            `toml:"split"`     // RE2 that the whole secret matches; its named groups become parts
	Near     map[string]string `toml:"near"`      // part, no secret, to an RE2 with one group that finds it in the text around
	Hosts    []string          `toml:"hosts"`     // what {host} stands for: asked one after the other till one knows the credential
	URL      string            `toml:"url"`       // https, without a user
	Headers  map[string]string `toml:"headers"`
	User     string            `toml:"user"`     // of basic auth
	Password string            `toml:"password"` // of basic auth
	Form     map[string]string `toml:"form"`     // POST: the body, as an HTML form is sent
	Body     string            `toml:"body"`     // POST: the body, JSON as it stands here, without placeholders

	// What an answer means: the first that fits, Live before Dead before Unknown.
	// An answer that none fits leaves the credential unknown.
	Live    []HTTPAnswer `toml:"live"`
	Dead    []HTTPAnswer `toml:"dead"`
	Unknown []HTTPAnswer `toml:"unknown"`

	Who      map[string]string `toml:"who"` // of a live credential: what a report calls it, to the field that holds it
	Examples []HTTPExample     `toml:"examples"`
}

// HTTPAnswer fits an answer when all that is set holds.
type HTTPAnswer struct {
	Status []int               `toml:"status"` // one of these
	Has    []string            `toml:"has"`    // fields that are there and not null
	Is     map[string][]string `toml:"is"`     // field to the texts it may have; one that ends in * is a beginning
	Reason string              `toml:"reason"` // why, for a reader
}

// HTTPExample is an answer as the provider documents it, and the state it means.
type HTTPExample struct {
	State   string            `toml:"state"` // live, dead, unknown
	Status  int               `toml:"status"`
	Headers map[string]string `toml:"headers"`
	Body    string            `toml:"body"`
	Who     map[string]string `toml:"who"` // what Who reads of it
}
