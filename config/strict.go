package config

import (
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// decoder fills Go values from a parsed TOML tree, by their toml tags. Unlike the
// parser's own decoder it forgives nothing: not an unknown key, a key in another
// case, nor a value of a near type; and it knows where each value stands.
type decoder struct {
	places   outline
	problems problems
}

func (d *decoder) decode(value any, into reflect.Value, path string) {
	if text, ok := into.Addr().Interface().(encoding.TextUnmarshaler); ok {
		d.text(value, text, path)
		return
	}
	switch into.Kind() {
	case reflect.Pointer:
		into.Set(reflect.New(into.Type().Elem()))
		d.decode(value, into.Elem(), path)
	case reflect.Struct:
		d.table(value, into, path)
	case reflect.Map:
		d.dictionary(value, into, path)
	case reflect.Slice:
		d.array(value, into, path)
	case reflect.Float64:
		if i, ok := value.(int64); ok {
			value = float64(i)
		}
		assign[float64](d, value, into, path)
	case reflect.Int:
		assign[int64](d, value, into, path)
	case reflect.Bool:
		assign[bool](d, value, into, path)
	case reflect.String:
		assign[string](d, value, into, path)
	default:
		panic("internal error: no TOML type for " + into.Type().String())
	}
}

// assign sets into to a value whose type is exactly T.
func assign[T any](d *decoder, value any, into reflect.Value, path string) {
	v, ok := value.(T)
	if !ok {
		d.wrongType(path, kindName(*new(T)), value)
		return
	}
	into.Set(reflect.ValueOf(v).Convert(into.Type()))
}

func (d *decoder) wrongType(path, want string, value any) {
	d.problems.add(d.places.at(path), "%q is %s: want %s", path, kindName(value), want)
}

func (d *decoder) text(value any, into encoding.TextUnmarshaler, path string) {
	if t, ok := value.(time.Time); ok {
		if _, ok := into.(*Date); ok {
			value = localDate(t)
		}
	}
	text, ok := value.(string)
	if !ok {
		d.wrongType(path, "a string", value)
	} else if err := into.UnmarshalText([]byte(text)); err != nil {
		d.problems.add(d.places.at(path), "%q: %v", path, err)
	}
}

func (d *decoder) table(value any, into reflect.Value, path string) {
	table, ok := value.(map[string]any)
	if !ok {
		d.wrongType(path, "a table", value)
		return
	}
	fields := map[string]int{}
	for i := range into.NumField() {
		if name := into.Type().Field(i).Tag.Get("toml"); name != "" {
			fields[name] = i
		}
	}
	for _, key := range slices.Sorted(maps.Keys(table)) {
		if d.problems.full() {
			return
		}
		inner := joinKey(path, key)
		if i, ok := fields[key]; ok {
			d.decode(table[key], into.Field(i), inner)
			continue
		}
		d.problems.add(d.places.at(inner), "unknown key %q%s", key, hint(key, slices.Sorted(maps.Keys(fields))))
	}
}

func (d *decoder) dictionary(value any, into reflect.Value, path string) {
	table, ok := value.(map[string]any)
	if !ok {
		d.wrongType(path, "a table", value)
		return
	}
	into.Set(reflect.MakeMap(into.Type()))
	for _, key := range slices.Sorted(maps.Keys(table)) {
		element := reflect.New(into.Type().Elem()).Elem()
		d.decode(table[key], element, joinKey(path, key))
		into.SetMapIndex(reflect.ValueOf(key), element)
	}
}

func (d *decoder) array(value any, into reflect.Value, path string) {
	list := reflect.ValueOf(value) // []any, or []map[string]any
	if list.Kind() != reflect.Slice {
		d.wrongType(path, "an array", value)
		return
	}
	into.Set(reflect.MakeSlice(into.Type(), list.Len(), list.Len()))
	for i := range list.Len() {
		d.decode(list.Index(i).Interface(), into.Index(i), joinIndex(path, i))
	}
}

// kindName says what a parsed TOML value is.
func kindName(value any) string {
	switch value.(type) {
	case string:
		return "a string"
	case int64:
		return "an integer"
	case float64:
		return "a number"
	case bool:
		return "a boolean"
	case time.Time:
		return "a date or time"
	case map[string]any:
		return "a table"
	}
	return "an array"
}

// UnmarshalText reads YYYY-MM-DD.
func (d *Date) UnmarshalText(text []byte) error {
	if !scanner.ValidDate(string(text)) {
		return fmt.Errorf("not a date: want YYYY-MM-DD")
	}
	*d = Date(text)
	return nil
}

// localDate writes a TOML local date as text. The parser marks one by its zone's
// name; any other kind of time gives no date.
func localDate(t time.Time) string {
	if t.Location().String() != "date-local" {
		return ""
	}
	return t.Format(time.DateOnly)
}
