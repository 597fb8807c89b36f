package config

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Setting is one value that holds, and where it is written.
type Setting struct {
	Key   string // its path: "entropy.all", "allow[1].paths[0]"
	Value string // as TOML
	Place
}

// Settings returns what the configuration says, with all that it extends, in the
// order of its documentation.
func (c *Config) Settings() []Setting { return settings(c.places, c) }

// Settings returns what the policy says, likewise.
func (p *Policy) Settings() []Setting { return settings(p.places, p) }

// Where returns the place of a value by its path, or that of what holds it.
func (c *Config) Where(path string) Place { return c.places.at(path) }

func settings(places outline, of any) []Setting {
	l := lister{places: places}
	l.list("", reflect.ValueOf(of).Elem())
	return l.out
}

// lister walks Go values by their toml tags. A value that no file gives has no place,
// and is left out.
type lister struct {
	places outline
	out    []Setting
}

func (l *lister) list(path string, v reflect.Value) {
	if _, isText := v.Interface().(encoding.TextMarshaler); isText {
		l.value(path, strconv.Quote(fmt.Sprint(v.Interface())))
		return
	}
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			l.list(path, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if name := v.Type().Field(i).Tag.Get("toml"); name != "" {
				l.list(joinKey(path, name), v.Field(i))
			}
		}
	case reflect.Map:
		keys := v.MapKeys()
		slices.SortFunc(keys, func(a, b reflect.Value) int { return strings.Compare(a.String(), b.String()) })
		for _, key := range keys {
			l.list(joinKey(path, key.String()), v.MapIndex(key))
		}
	case reflect.Slice:
		for i := range v.Len() {
			l.list(joinIndex(path, i), v.Index(i))
		}
	case reflect.String:
		l.value(path, strconv.Quote(v.String()))
	default:
		l.value(path, fmt.Sprint(v.Interface()))
	}
}

func (l *lister) value(path, text string) {
	if at, said := l.places[path]; said {
		l.out = append(l.out, Setting{path, text, at})
	}
}

// Files returns the names of the files and URLs that the configuration is made of,
// its policies' included, sorted.
func (c *Config) Files() []string {
	names := map[string]bool{}
	add := func(places outline) {
		for _, at := range places {
			names[at.File] = true
		}
	}
	add(c.places)
	for _, p := range c.policies {
		add(p.places)
	}
	return slices.Sorted(maps.Keys(names))
}
