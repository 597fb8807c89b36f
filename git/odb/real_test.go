package odb

import (
	"context"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestRealStore walks the store named by SHRIKE_ODB with every id verified.
func TestRealStore(t *testing.T) {
	dir := os.Getenv("SHRIKE_ODB")
	if dir == "" {
		t.Skip("SHRIKE_ODB names no objects directory")
	}
	for _, verify := range []bool{false, true} {
		s, err := Open([]string{dir}, Options{Verify: verify})
		require.NoError(t, err)
		begin := time.Now()
		stats, err := s.Walk(context.Background(), WalkOptions{Workers: 2}, Visitor{
			Object:  func(int, Object) error { return nil },
			Problem: func(p Problem) { t.Errorf("%+v", p) },
		})
		require.NoError(t, err)
		t.Logf("verify %v: %+v in %v", verify, stats, time.Since(begin))
		require.NoError(t, s.Close())
	}
}
