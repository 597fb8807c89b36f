package structured

import (
	"bytes"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestJSONPlaces(t *testing.T) {
	text := []byte("\xef\xbb\xbf{\"a\": [\"b\\\"c\", 2.50, null], \"é\" : {}}")
	v, err := parseJSON(text)
	require.NoError(t, err)
	literal := func(start, end int) string { return string(text[start:end]) }
	list := v.get("a").items
	require.Equal(t, `b"c`, list[0].text)
	require.Equal(t, `b\"c`, literal(list[0].start, list[0].end))
	require.Equal(t, "2.50", list[1].text)
	require.False(t, list[1].str)
	require.Empty(t, list[2].text)
	require.Equal(t, "null", literal(list[2].start, list[2].end))
	require.Equal(t, "é", literal(v.members[1].at.start, v.members[1].at.end))
	require.Equal(t, object, v.get("é").kind)
}

// The reader accepts what encoding/json accepts, and reads the same from it.
func FuzzJSON(f *testing.F) {
	for _, text := range []string{
		`{"a":[1,2.5e3,-0,true,false,null,"x\u0041\ud800\/",{}],"b":"é\n"}`, `{"a":1,"a":{"b":[[]]}}`, " 7\r\n", "\"\xff\"", "\"\x01\"",
		"[1,]", "[,1]", `{"a":1,}`, `{"a"}`, "[01]", "[-]", "[1.]", "[nul]", "1 2", "{]", `"\`, "\x00",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		v, err := parseJSON(text)
		if bytes.HasPrefix(text, []byte("\xef\xbb\xbf")) {
			text = text[3:]
		}
		if err != nil {
			require.True(t, err == errTooLarge || !json.Valid(text), "%v", err)
			return
		}
		decoder := json.NewDecoder(bytes.NewReader(text))
		decoder.UseNumber()
		var want any
		require.True(t, json.Valid(text))
		require.NoError(t, decoder.Decode(&want))
		require.Equal(t, want, plainOf(v))
	})
}

// plainOf is a tree of JSON as encoding/json decodes it.
func plainOf(v *value) any {
	switch {
	case v.kind == object:
		members := map[string]any{}
		for _, m := range v.members {
			members[m.key] = plainOf(m.value)
		}
		return members
	case v.kind == list:
		items := []any{}
		for _, item := range v.items {
			items = append(items, plainOf(item))
		}
		return items
	case v.str:
		return v.text
	}
	switch v.text {
	case "":
		return nil
	case "true", "false":
		return v.text == "true"
	}
	return json.Number(v.text)
}
