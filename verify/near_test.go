package verify

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/shrike-scan/shrike/scanner"
)

func TestPartsNear(t *testing.T) {
	h, err := NewHTTP(HTTPOptions{})
	require.NoError(t, err)
	defer h.Close()
	shopify := &scanner.Rule{ID: "shopify-admin-api-access-token"}
	require.Equal(t, []string{"shop"}, h.NearParts(shopify))
	require.Empty(t, h.NearParts(&scanner.Rule{ID: githubRule}))
	parts, others := h.PartsNear(&scanner.Rule{ID: githubRule}, []byte("acme.myshopify.com"), 1)
	require.Empty(t, parts)
	require.Empty(t, others)

	for text, want := range map[string][]string{
		"":                                 nil,
		"myshopify.com .myshopify.com":     nil,
		"shop = ACME.myshopify.com\ntoken": {"ACME"},
		"far.myshopify.com\n\n\n\nnear.myshopify.com token\nnext.myshopify.com":           {"near", "next", "far"},
		"a.myshopify.com\n\n\n\n\na.myshopify.com b.myshopify.com":                        {"a", "b"},
		strings.Repeat("x.myshopify.com\n", 10) + "y.myshopify.com":                       {"x", "y"},
		"1.myshopify.com 2.myshopify.com 3.myshopify.com 4.myshopify.com 5.myshopify.com": {"1", "2", "3", "4"},
	} {
		parts, others := h.PartsNear(shopify, []byte(text), 5)
		var got []string
		for i, p := range append(parts, others...) {
			require.Equal(t, "shop", p.Name)
			require.Equal(t, i == 0, i < len(parts))
			got = append(got, p.Value.Reveal())
		}
		require.Equal(t, want, got, text)
	}
	parts, others = h.PartsNear(&scanner.Rule{ID: "okta-api-token"}, []byte("https://acme-admin.okta.com/ https://dev-1.okta.com"), 1)
	require.Equal(t, "acme", parts[0].Value.Reveal())
	require.Equal(t, "dev-1", others[0].Value.Reveal())
}
