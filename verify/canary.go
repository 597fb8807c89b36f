package verify

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"slices"
)

// canaryAccounts issue keys that are planted as traps. The list stands here and
// not in rules alone, because a finding of a user's own rule carries no checked
// details, and a call with such a key does harm.
var canaryAccounts = [...]string{
	// Thinkst, who run canarytokens.org
	"052310077262", "171436882533", "266735846894", "534261010715", "595918472158", "717712589309",
	"730335385048", "819147034852", "893192397702", "992382622183",
	// services alike
	"044858866125", "251535659677", "344043088457", "351906852752", "390477818340", "426127672474",
	"427150556519", "439872796651", "445142720921", "465867158099", "637958123769", "693412236332",
	"732624840810", "735421457923", "959235150393", "982842642351",
}

// isCanary reports whether a credential is a trap: an offline check says so, or
// its AWS key id belongs to a known account.
func isCanary(c Credential) bool {
	for _, d := range c.Details {
		if d.Name == "canary" {
			return true
		}
	}
	account, ok := awsAccount(c.part(partKeyID))
	return ok && slices.Contains(canaryAccounts[:], account)
}

// awsAccount decodes the account that stands in an access key id issued since
// about 2019: its last sixteen characters are base32 of ten bytes, whose bits 1
// to 40 are the number. The first bit is clear in older ids, which hold none.
func awsAccount(id string) (account string, ok bool) {
	if len(id) != 20 {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(id[4:])
	if err != nil {
		return "", false
	}
	head := uint64(binary.BigEndian.Uint16(raw))<<32 | uint64(binary.BigEndian.Uint32(raw[2:]))
	number := head & 0x7fffffffff80 >> 7
	if head>>47 == 0 || number > 999_999_999_999 {
		return "", false
	}
	return fmt.Sprintf("%012d", number), true
}
