package scanner

import (
	"encoding/base32"
	"encoding/binary"
	"fmt"
	"slices"
)

// AWSAccount decodes the twelve digits of the account that stand in an AWS access
// key id issued since about 2019: its last sixteen characters are base32 of ten
// bytes, whose bits 1 to 40 are the number. The first bit is clear in older ids,
// which hold none.
func AWSAccount(id string) (account string, ok bool) {
	const size = 20
	if len(id) != size {
		return "", false
	}
	raw, err := base32.StdEncoding.DecodeString(id[size-16:])
	if err != nil || len(raw) != 10 {
		return "", false
	}
	head := uint64(binary.BigEndian.Uint16(raw))<<32 | uint64(binary.BigEndian.Uint32(raw[2:]))
	number := head & 0x7fffffffff80 >> 7
	if head>>47 == 0 || number > 999_999_999_999 {
		return "", false
	}
	return fmt.Sprintf("%012d", number), true
}

// canaries are the accounts whose keys are planted as traps, by who plants them.
var canaries = [...]struct {
	owner    string
	accounts []string
}{
	{"Thinkst", []string{ // who run canarytokens.org
		"052310077262", "171436882533", "266735846894", "534261010715", "595918472158", "717712589309",
		"730335385048", "819147034852", "893192397702", "992382622183",
	}},
	{"decoy service", []string{
		"044858866125", "251535659677", "344043088457", "351906852752", "390477818340", "426127672474",
		"427150556519", "439872796651", "445142720921", "465867158099", "637958123769", "693412236332",
		"732624840810", "735421457923", "959235150393", "982842642351",
	}},
}

// CanaryOwner says who plants keys of an AWS account as traps; "" for an account
// that is not known for it. Any call with such a key alerts its owner, so none is
// made: the offline check and the live one must know the same accounts.
func CanaryOwner(account string) string {
	for i := range canaries {
		if slices.Contains(canaries[i].accounts, account) {
			return canaries[i].owner
		}
	}
	return ""
}

// CanaryAccounts lists the accounts that CanaryOwner knows.
func CanaryAccounts() []string {
	var out []string
	for i := range canaries {
		out = append(out, canaries[i].accounts...)
	}
	return out
}
