package rules

import (
	"encoding/base64"
	"encoding/binary"
	"math/bits"
	"strings"
)

// Azure's identifiable keys end in a signature of four base64 characters and in
// the Marvin32 hash, seeded by what the key is for, of all bytes before it:
//
//	????????????????????????????????????SSSSCCCCCC==
//
// Seeds and layout: github.com/microsoft/security-utilities; the hash: U.S. patent
// 8,555,074, and System.Marvin in github.com/dotnet/runtime.

// identifiableKeys holds, by signature, the seeds: eight letters, most significant
// first.
var identifiableKeys = map[string][]string{
	"+ASt": {"Default0"},
	"ACDb": {"MastRW00", "MastRO00", "SystRW00", "SystRO00", "SysAll00", "Resour00", "Encryp00"},
	"+ABa": {"AbAcct00"},
	"APIM": {"IoTHub00", "Tenant00", "Gatewy00", "GitKey00"},
	"+AMC": {"Classic0"},
	"+ASb": {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"},
	"+AEh": {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"},
	"+ARm": {"Send0000", "Listen00", "Manage00", "System00", "Unknown0"},
	"AZEG": {"Default0"},
	"AzCa": {"Access00"},
	"AIoT": {"IoTHub00", "DpsKey00", "Device00"},
	"+ACR": {"ACRDflt0"},
	"AzSe": {"Query000", "PAdmin00"},
	"AzFu": {"Functi00", "Master00", "System00"},
	"+SQL": {"UsrPwd00"},
}

// identifiable reports whether the hash at the key's end holds for one of the
// seeds of its signature.
func identifiable(key string) bool {
	text := strings.NewReplacer("-", "+", "_", "/").Replace(strings.TrimRight(key, "="))
	if len(text) < 16 {
		return false
	}
	raw, err := base64.RawStdEncoding.DecodeString(text)
	if err != nil {
		return false
	}
	signed, sum := raw[:len(raw)-4], binary.LittleEndian.Uint32(raw[len(raw)-4:])
	for _, seed := range identifiableKeys[text[len(text)-10:len(text)-6]] {
		if marvin32(signed, binary.BigEndian.Uint64([]byte(seed))) == sum {
			return true
		}
	}
	return false
}

// marvin32 is Marvin's two halves, combined.
func marvin32(data []byte, seed uint64) uint32 {
	low, high := uint32(seed), uint32(seed>>32)
	for ; len(data) >= 4; data = data[4:] {
		low += binary.LittleEndian.Uint32(data)
		low, high = marvinBlock(low, high)
	}
	last := uint32(0x80) << (8 * len(data))
	for i, c := range data {
		last |= uint32(c) << (8 * i)
	}
	low, high = marvinBlock(low+last, high)
	low, high = marvinBlock(low, high)
	return low ^ high
}

func marvinBlock(low, high uint32) (uint32, uint32) {
	high ^= low
	low = bits.RotateLeft32(low, 20) + high
	high = bits.RotateLeft32(high, 9) ^ low
	low = bits.RotateLeft32(low, 27) + high
	return low, bits.RotateLeft32(high, 19)
}
