package scanner

import (
	"bytes"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/binary"
	"hash"
)

// stretch is the first 32 bytes of PBKDF2 with HMAC-SHA256 (RFC 8018). The standard
// library's takes more than twice as long as the hashing in it, for it resumes, copies
// and pads two hashes in each round. Here what follows the key is one block, padded
// beforehand, so that the state after it is the sum.
func stretch(secret string, salt []byte, rounds int) ([]byte, error) {
	sum, err := pbkdf2.Key(sha256.New, secret, salt, 1, sha256.Size)
	if err != nil || rounds == 1 {
		return sum, err
	}
	key := []byte(secret)
	if len(key) > sha256.BlockSize {
		short := sha256.Sum256(key)
		key = short[:]
	}
	inner, outer := newKeyedHash(key, 0x36), newKeyedHash(key, 0x5c) // RFC 2104
	if inner == nil || outer == nil {
		return pbkdf2.Key(sha256.New, secret, salt, rounds, sha256.Size)
	}
	last := sum
	sum = bytes.Clone(sum)
	for range rounds - 1 {
		last = outer.of(inner.of(last))
		subtle.XORBytes(sum, sum, last)
	}
	return sum, nil
}

// keyedHash is SHA-256 of a block that depends on a key alone and of 32 bytes more.
type keyedHash struct {
	sha   resumable
	start []byte                 // state after the block of the key
	after []byte                 // state after all
	rest  [sha256.BlockSize]byte // the 32 bytes, and the padding of FIPS 180-4
}

// resumable is a hash whose state can be taken out and put back, as that of sha256.New.
type resumable interface {
	hash.Hash
	AppendBinary([]byte) ([]byte, error)
	UnmarshalBinary([]byte) error
}

// stateSum is where a state holds the sum of the blocks so far. The form is the
// standard library's own affair, so that newKeyedHash tries it.
const stateSum = 4

// newKeyedHash returns nil where states have another form than is known.
func newKeyedHash(key []byte, pad byte) *keyedHash {
	sha, ok := sha256.New().(resumable)
	if !ok {
		return nil
	}
	k := &keyedHash{sha: sha}
	var first [sha256.BlockSize]byte
	copy(first[:], key)
	for i := range first {
		first[i] ^= pad
	}
	sha.Write(first[:])
	k.start, _ = sha.AppendBinary(nil)
	k.rest[sha256.Size] = 0x80
	const bits = 8 * (sha256.BlockSize + sha256.Size)
	binary.BigEndian.PutUint64(k.rest[sha256.BlockSize-8:], bits)

	sha.Write(first[:sha256.Size])
	want := sha.Sum(nil)
	if len(k.start) < stateSum+sha256.Size || !bytes.Equal(k.of(first[:sha256.Size]), want) {
		return nil
	}
	return k
}

// of returns the hash of the key's block and text, which has 32 bytes. It is valid
// until the next call.
func (k *keyedHash) of(text []byte) []byte {
	copy(k.rest[:sha256.Size], text)
	_ = k.sha.UnmarshalBinary(k.start)
	k.sha.Write(k.rest[:])
	k.after, _ = k.sha.AppendBinary(k.after[:0])
	return k.after[stateSum:][:sha256.Size]
}
