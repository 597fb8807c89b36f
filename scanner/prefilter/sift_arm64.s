//go:build !noasm

#include "textflag.h"

// NEON computes the hashes of eight grams at once; it has no gather, so each looks
// up its bit alone. As in siftGo, a position is listed always and kept if its bit
// is set.

// TEST lists the position in R7, whose gram has the filter's word number index and
// in whose low five bits of R10 the bit is, and goes on to the next.
#define TEST(index) \
	MOVWU (R0)(index<<2), R11 \
	MOVH  R7, (R3)(R8<<1)     \
	LSLW  R10, R11, R11       \
	ADD   $2, R7              \
	ADD   R11>>31, R8, R8

// LOW and HIGH test the gram whose product is in that half of pair.
#define LOW(pair) \
	LSRW $19, pair, R9  \
	LSRW $14, pair, R10 \
	TEST(R9)

#define HIGH(pair) \
	LSR $51, pair, R9  \
	LSR $46, pair, R10 \
	TEST(R9)

// func sift(f *filter, data []byte, out *positions) int
TEXT ·sift(SB), NOSPLIT, $0-48
	MOVD f+0(FP), R0
	MOVD data_base+8(FP), R1
	MOVD data_len+16(FP), R2
	MOVD out+32(FP), R3
	MOVW $0x1F5F5F1F, R4       // keyMask
	VDUP R4, V2.S4
	MOVW $0x9E3779B1, R4       // hashMul
	VDUP R4, V3.S4
	MOVD ZR, R7                // position
	MOVD ZR, R8                // length of the list
	SUBS $18, R2, R2           // 16 bytes and lookahead
	BLT  done

step:
	ADD  $2, R1, R6
	VLD1.P 16(R1), [V0.B16]    // grams at 0, 4, 8 and 12
	VLD1 (R6), [V1.B16]        // at 2, 6, 10 and 14
	VAND V2.B16, V0.B16, V0.B16
	VAND V2.B16, V1.B16, V1.B16
	WORD $0x4EA39C00           // mul v0.4s, v0.4s, v3.4s
	WORD $0x4EA39C21           // mul v1.4s, v1.4s, v3.4s
	VMOV V0.D[0], R4
	VMOV V1.D[0], R5
	LOW(R4)
	LOW(R5)
	HIGH(R4)
	HIGH(R5)
	VMOV V0.D[1], R4
	VMOV V1.D[1], R5
	LOW(R4)
	LOW(R5)
	HIGH(R4)
	HIGH(R5)
	SUBS $16, R2, R2
	BGE  step

done:
	MOVD R8, ret+40(FP)
	RET
