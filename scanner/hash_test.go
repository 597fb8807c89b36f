package scanner

import (
	"math"
	"reflect"
	"testing"

	"github.com/stretchr/testify/require"
)

// Whatever authored field of a rule changes, the hash does.
func TestHashCoversEveryField(t *testing.T) {
	hash := func(r Rule) string {
		return (&Engine{rules: []*compiled{{Rule: &r}}}).Hash()
	}
	base := Rule{ID: "a", Regex: "b"}
	seen := map[string]string{hash(base): "no change"}
	require.Equal(t, hash(base), hash(base))
	for i := range reflect.TypeFor[Rule]().NumField() {
		r := base
		if !reflect.TypeFor[Rule]().Field(i).IsExported() {
			continue // derived from the others
		}
		name := reflect.TypeFor[Rule]().Field(i).Name
		if name == "HTTP" {
			continue // says nothing of what matches
		}
		switch f := reflect.ValueOf(&r).Elem().Field(i); f.Kind() {
		case reflect.String:
			f.SetString("changed")
		case reflect.Slice:
			f.Set(reflect.ValueOf([]string{"changed"}))
		case reflect.Bool:
			f.SetBool(true)
		case reflect.Int:
			f.SetInt(7)
		case reflect.Uint8:
			f.SetUint(2)
		case reflect.Float64:
			f.SetFloat(math.Pi)
		default:
			require.Fail(t, "set a field of this kind here", "%s is a %s", name, f.Kind())
		}
		h := hash(r)
		require.Len(t, h, 64)
		require.Empty(t, seen[h], "%s", name)
		seen[h] = name
	}
}

func TestHashCoversOrder(t *testing.T) {
	one, two := &compiled{Rule: &Rule{ID: "one"}}, &compiled{Rule: &Rule{ID: "two"}}
	require.NotEqual(t, (&Engine{rules: []*compiled{one, two}}).Hash(), (&Engine{rules: []*compiled{two, one}}).Hash())
}
