package rules

import (
	"bytes"
	"math"
	"strings"
	"time"

	"github.com/shrike-scan/shrike/scanner"
)

// checkJWT decodes a JSON Web Token (RFC 7519). An expired one is low: it tells
// about a system, and opens nothing. One whose header is no JSON was cut or
// made up, and is in doubt.
func checkJWT(secret, _ []byte) scanner.CheckResult {
	return judgeJWT(secret, time.Now())
}

func judgeJWT(secret []byte, now time.Time) scanner.CheckResult {
	parts := bytes.Split(secret, []byte("."))
	if len(parts) != 3 {
		return refuted
	}
	header, ok := decodeJSON(parts[0])
	algorithm, _ := header["alg"].(string)
	if !ok {
		return doubtJWT(secret)
	}
	if algorithm == "" || strings.EqualFold(algorithm, "none") {
		return refuted
	}
	claims, ok := decodeJSON(parts[1])
	if !ok {
		return unproven
	}
	if sampleClaims(claims) {
		return example
	}
	result := proven(
		scanner.Detail{Name: "algorithm", Value: printable(algorithm)},
		scanner.Detail{Name: "issuer", Value: plain(claims["iss"])},
		scanner.Detail{Name: "subject", Value: plain(claims["sub"])},
	)
	seconds, ok := claims["exp"].(float64)
	if !ok || math.Abs(seconds) > 1<<40 {
		return result
	}
	expiry := time.Unix(int64(seconds), 0).UTC()
	result.Details = append(result.Details, scanner.Detail{Name: "expires", Value: expiry.Format(time.RFC3339)})
	if expiry.Before(now) {
		result.Severity = scanner.SeverityLow
	}
	return result
}

func doubtJWT(secret []byte) scanner.CheckResult {
	if repetitive(secret) || checkRandomToken(secret, nil).Proof == scanner.Refuted {
		return refuted
	}
	return doubtful
}

// sampleClaims knows published samples: the token on jwt.io's front page, and
// Supabase's keys for a local stack.
func sampleClaims(claims map[string]any) bool {
	if claims["iss"] == "supabase-demo" {
		return true
	}
	return claims["sub"] == "1234567890" && (claims["name"] == "John Doe" || claims["iat"] == float64(1516239022))
}

// checkJWTBase64 reads a token that was encoded once more.
func checkJWTBase64(secret, match []byte) scanner.CheckResult {
	return checkJWT(bytes.TrimSpace(decodeTolerant(secret)), match)
}
