package config

import (
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/shrike-scan/shrike/scanner"
)

// merge puts the content of one file over what it extends: lists append, what has a
// name (a table's key, a rule's id) and single values replace.
func (c *Config) merge(over *Config) {
	m := merger{into: c, places: over.places, index: map[string]func(int) int{}}
	c.Extends = appended(&m, "extends", c.Extends, over.Extends)
	c.Policy = appended(&m, "policy", c.Policy, over.Policy)
	c.Disable = appended(&m, "disable", c.Disable, over.Disable)
	c.Scan.Exclude = appended(&m, "scan.exclude", c.Scan.Exclude, over.Scan.Exclude)
	c.Scan.exclude = append(c.Scan.exclude, over.Scan.exclude...)
	c.Overrides = appended(&m, "override", c.Overrides, over.Overrides)
	c.Allows = appended(&m, "allow", c.Allows, over.Allows)
	c.Entropy = merged(c.Entropy, over.Entropy)
	c.Severity = merged(c.Severity, over.Severity)
	c.Accounts = merged(c.Accounts, over.Accounts)
	c.MinSeverity = orElse(over.MinSeverity, c.MinSeverity)
	c.MinConfidence = orElse(over.MinConfidence, c.MinConfidence)
	c.FailOn = orElse(over.FailOn, c.FailOn)
	m.rules(over.Own)
	m.move()
}

func merged[V any](base, over map[string]V) map[string]V {
	if base == nil {
		return over
	}
	maps.Copy(base, over)
	return base
}

func orElse[T comparable](value, otherwise T) T {
	var unset T
	if value == unset {
		return otherwise
	}
	return value
}

// merger keeps what is known of places true while elements of arrays move.
type merger struct {
	into   *Config
	places outline
	index  map[string]func(int) int // by the path of an array: the new place of its elements
}

func appended[T any](m *merger, path string, base, over []T) []T {
	n := len(base)
	m.index[path] = func(i int) int { return n + i }
	return append(base, over...)
}

// rules adds own rules; one with an id that is there takes its place.
func (m *merger) rules(over []scanner.Rule) {
	c := m.into
	to := make([]int, len(over))
	for i, rule := range over {
		to[i] = slices.IndexFunc(c.Own, func(r scanner.Rule) bool { return r.ID == rule.ID })
		if to[i] < 0 {
			to[i] = len(c.Own)
			c.Own = append(c.Own, rule)
			continue
		}
		c.Own[to[i]] = rule
		replaced := joinIndex("rules", to[i])
		maps.DeleteFunc(c.places, func(path string, _ Place) bool {
			return path == replaced || strings.HasPrefix(path, replaced+".")
		})
	}
	m.index["rules"] = func(i int) int {
		if i < len(to) {
			return to[i]
		}
		return i
	}
}

// move adds the places of the file to those of what it extends.
func (m *merger) move() {
	if m.into.places == nil {
		m.into.places = m.places // the first: nothing moves
		return
	}
	for path, at := range m.places {
		m.into.places[m.moved(path)] = at
	}
}

// moved is the new path of what stood at path.
func (m *merger) moved(path string) string {
	array, rest, found := strings.Cut(path, "[")
	shift := m.index[array]
	number, tail, _ := strings.Cut(rest, "]")
	i, err := strconv.Atoi(number)
	if !found || shift == nil || err != nil {
		return path
	}
	return joinIndex(array, shift(i)) + tail
}
