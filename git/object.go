package git

import (
	"fmt"

	"github.com/shrike-scan/shrike/git/odb"
)

// readKind reads an object that must be of one kind.
func readKind(store *odb.Store, id odb.ID, want odb.Kind) ([]byte, error) {
	kind, data, err := store.Read(id)
	if err != nil {
		return nil, err
	}
	if kind != want {
		return nil, fmt.Errorf("object %s is a %s where a %s is named", id, kind, want)
	}
	return data, nil
}

// Object returns the content of an object of any kind, given by its hex id.
func (r *Repository) Object(id string) ([]byte, error) {
	parsed, err := odb.ParseID(id)
	if err != nil {
		return nil, err
	}
	_, data, err := r.store.Read(parsed)
	return data, err
}

// maxTags bounds chains of tags that name tags.
const maxTags = 32

// peel follows tags to what they name. tags lists those on the way.
func (r *Repository) peel(id odb.ID) (target odb.ID, kind odb.Kind, data []byte, tags []odb.ID, err error) {
	return r.peelTo(id, func(odb.ID) bool { return false })
}

// peelTo is peel that stops, with kind 0 and no data, at what is known to be no tag.
func (r *Repository) peelTo(id odb.ID, known func(odb.ID) bool) (target odb.ID, kind odb.Kind, data []byte, tags []odb.ID, err error) {
	for range maxTags {
		if known(id) {
			return id, 0, nil, tags, nil
		}
		if kind, data, err = r.store.Read(id); err != nil || kind != odb.Tag {
			return id, kind, data, tags, err
		}
		t, err := parseTag(data, r.HashSize)
		if err != nil {
			return id, kind, nil, tags, fmt.Errorf("read tag %s: %w", id, err)
		}
		tags = append(tags, id)
		id = t.target
	}
	return id, 0, nil, tags, fmt.Errorf("peel %s: more than %d tags name each other", id, maxTags)
}

// readCommit reads and parses one commit, as git shows it.
func (r *Repository) readCommit(id odb.ID) (*commitObject, error) {
	data, err := readKind(r.store, id, odb.Commit)
	if err != nil {
		return nil, err
	}
	c := new(commitObject)
	if err := parseCommit(data, r.HashSize, c); err != nil {
		return nil, fmt.Errorf("read commit %s: %w", id, err)
	}
	r.seen(id, c)
	return c, nil
}
