//go:build hyperscan

// Package hyperscan finds literals by Intel's Hyperscan: a second oracle for the
// prefilter's tests, and a yardstick. It needs cgo and libhyperscan-dev, so it is
// built with the tag hyperscan only.
package hyperscan

/*
#cgo pkg-config: libhs
#include <stdlib.h>
#include <hs.h>

typedef struct { unsigned literal; unsigned end; } hit;
typedef struct { hit *hits; size_t count, room; } list;

static int append(unsigned id, unsigned long long from, unsigned long long to, unsigned flags, void *context) {
	list *l = context;
	if (l->count == l->room) {
		size_t room = l->room ? 2 * l->room : 1024;
		hit *hits = realloc(l->hits, room * sizeof(hit));
		if (!hits)
			return 1;
		l->hits = hits;
		l->room = room;
	}
	l->hits[l->count++] = (hit){id, to};
	return 0;
}

static hs_error_t scan(const hs_database_t *db, const char *data, unsigned size, hs_scratch_t *scratch, list *out) {
	return hs_scan(db, data, size, 0, scratch, append, out);
}
*/
import "C"

import (
	"errors"
	"fmt"
	"unsafe"
)

// Set is a compiled set of literals; for one goroutine, and never freed.
type Set struct {
	db      *C.hs_database_t
	scratch *C.hs_scratch_t
}

// Compile builds a set that matches without case. Literals must not be empty.
func Compile(literals [][]byte) (*Set, error) {
	n := len(literals)
	texts, sizes := make([]*C.char, n), make([]C.size_t, n)
	flags, ids := make([]C.uint, n), make([]C.uint, n)
	for i, lit := range literals {
		texts[i] = (*C.char)(C.CBytes(lit))
		defer C.free(unsafe.Pointer(texts[i]))
		sizes[i], flags[i], ids[i] = C.size_t(len(lit)), C.HS_FLAG_CASELESS, C.uint(i)
	}
	s := &Set{}
	var failure *C.hs_compile_error_t
	if C.hs_compile_lit_multi(&texts[0], &flags[0], &ids[0], &sizes[0], C.uint(n), C.HS_MODE_BLOCK, nil, &s.db, &failure) != C.HS_SUCCESS {
		return nil, errors.New("compile literals: " + C.GoString(failure.message))
	}
	if code := C.hs_alloc_scratch(s.db, &s.scratch); code != C.HS_SUCCESS {
		return nil, fmt.Errorf("allocate hyperscan's scratch: error %d", code)
	}
	return s, nil
}

// Scan yields every occurrence of every literal: its number, and where it ends.
func (s *Set) Scan(data []byte, yield func(literal, end int)) error {
	if len(data) == 0 {
		return nil
	}
	var out C.list
	defer func() { C.free(unsafe.Pointer(out.hits)) }()
	if code := C.scan(s.db, (*C.char)(unsafe.Pointer(&data[0])), C.uint(len(data)), s.scratch, &out); code != C.HS_SUCCESS {
		return fmt.Errorf("scan by hyperscan: error %d", code)
	}
	for _, h := range unsafe.Slice(out.hits, out.count) {
		yield(int(h.literal), int(h.end))
	}
	return nil
}
