package scanner

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestUnpackReadsWhatPackWrites compares what is read with what is derived. Package
// rules does so for all shipped rules.
func TestUnpackReadsWhatPackWrites(t *testing.T) {
	rules := testRules()
	packed, err := Pack(rules)
	require.NoError(t, err)
	read, err := Unpack(string(packed))
	require.NoError(t, err)
	require.Len(t, read, len(rules))
	shapes := map[*sides][]string{}
	for i := range rules {
		want, err := newPlan(&rules[i])
		require.NoError(t, err)
		for j := range want.anchors { // the same sides are of the same shape
			if of := read[i].plan.anchors[j].sides; of != nil {
				shapes[of] = append(shapes[of], want.anchors[j].sides.shape)
				want.anchors[j].sides = of
			}
		}
		want.shapes = read[i].plan.shapes
		require.Equal(t, want, read[i].plan, rules[i].ID)
	}
	require.Len(t, shapes, read[0].plan.shapes)
	for _, texts := range shapes {
		require.Len(t, slices.Compact(texts), 1)
	}
	again, err := Pack(read)
	require.NoError(t, err)
	require.Equal(t, packed, again)
}

// TestPackKeepsEveryField fills each field of a rule, so that a new one cannot be
// forgotten.
func TestPackKeepsEveryField(t *testing.T) {
	rule := Rule{}
	v := reflect.ValueOf(&rule).Elem()
	for i := range v.NumField() {
		switch f := v.Field(i); {
		case !v.Type().Field(i).IsExported() || v.Type().Field(i).Name == "HTTP", v.Type().Field(i).Name == "Files": // built-in rules have none
		case f.Kind() == reflect.String:
			f.SetString(v.Type().Field(i).Name + " text")
		case f.Kind() == reflect.Slice:
			f.Set(reflect.ValueOf([]string{"first " + v.Type().Field(i).Name, "second"}))
		case f.CanUint():
			f.SetUint(2)
		case f.CanInt():
			f.SetInt(300)
		case f.CanFloat():
			f.SetFloat(3.7)
		default:
			f.SetBool(true)
		}
	}
	rule.plan = &plan{form: formRegex, size: span{1, unbounded, unbounded}}
	packed, err := Pack([]Rule{rule})
	require.NoError(t, err)
	read, err := Unpack(string(packed))
	require.NoError(t, err)
	rule.Samples, rule.Misses = nil, nil
	rule.plan.anchors = []anchor{}
	require.Equal(t, rule, read[0])
}

func TestUnpackRefusesDamage(t *testing.T) {
	packed, err := Pack(testRules())
	require.NoError(t, err)
	text := string(packed)
	for n := range text {
		_, err := Unpack(text[:n])
		require.ErrorIs(t, err, errPacked, "cut at %d", n)
	}
	_, err = Unpack(text + "x")
	require.ErrorIs(t, err, errPacked)
	_, err = Unpack(strings.Repeat("\xff", 100))
	require.ErrorIs(t, err, errPacked)
}

func FuzzUnpack(f *testing.F) {
	packed, err := Pack(testRules())
	require.NoError(f, err)
	f.Add(string(packed))
	f.Add("\x00")
	f.Fuzz(func(t *testing.T, text string) {
		rules, err := Unpack(text)
		if err != nil {
			require.Nil(t, rules)
		}
	})
}
