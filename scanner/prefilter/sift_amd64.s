//go:build !noasm

#include "textflag.h"

// The constants of sift.go: keyMask, hashMul, bitMask, and the even bits.
DATA sift<>+0(SB)/4, $0x1F5F5F1F
DATA sift<>+4(SB)/4, $0x9E3779B1
DATA sift<>+8(SB)/4, $31
GLOBL sift<>(SB), RODATA|NOPTR, $12

#define EVEN 0x5555555555555555
#define WORDSHIFT 19
#define BITSHIFT 14

// FETCH4 loads the filter's words that the four lanes of index number into two
// pairs of lanes, lo and hi. This is a gather by hand: vpgatherdd is slower on the
// processors measured, and much slower where microcode mends its leak of data.
#define FETCH4(index, lo, hi) \
	VMOVQ   index, AX           \
	VPEXTRQ $1, index, BX       \
	MOVL    AX, R10             \
	SHRQ    $32, AX             \
	MOVL    BX, R11             \
	SHRQ    $32, BX             \
	VMOVD   (DI)(R10*4), lo     \
	VMOVD   (DI)(R11*4), hi     \
	VPINSRD $1, (DI)(AX*4), lo, lo \
	VPINSRD $1, (DI)(BX*4), hi, hi

// LOOKUP8 tests the eight grams at off(SI), four bytes apart, and leaves the
// answers in the sign bits of got, of which xgot is the lower half.
#define LOOKUP8(off, got, xgot) \
	VPAND   off(SI), Y13, Y0     \
	VPMULLD Y0, Y14, Y0          \
	VPSRLD  $BITSHIFT, Y0, Y1    \
	VPSRLD  $WORDSHIFT, Y0, Y0   \
	VPAND   Y1, Y15, Y1          \
	FETCH4(X0, xgot, X2)         \
	VEXTRACTI128 $1, Y0, X0      \
	FETCH4(X0, X3, X4)           \
	VPUNPCKLQDQ  X2, xgot, xgot  \
	VPUNPCKLQDQ  X4, X3, X3      \
	VINSERTI128  $1, X3, got, got \
	VPSLLVD Y1, got, got

// APPEND adds the position of the lowest bit of AX to the list and clears it.
#define APPEND(off) \
	TZCNTQ AX, BX      \
	ADDL   DX, BX      \
	MOVW   BX, off(R9) \
	BLSRQ  AX, AX

// func siftAVX2(f *filter, data []byte, out *positions) int
TEXT ·siftAVX2(SB), NOSPLIT, $0-48
	MOVQ f+0(FP), DI
	MOVQ data_base+8(FP), SI
	MOVQ data_len+16(FP), CX
	MOVQ out+32(FP), R8
	VPBROADCASTD sift<>+0(SB), Y13
	VPBROADCASTD sift<>+4(SB), Y14
	VPBROADCASTD sift<>+8(SB), Y15
	MOVQ $EVEN, R13
	XORL DX, DX                // offset of the step
	MOVQ R8, R9                // end of the list
	SUBQ $66, CX               // siftStep + lookahead
	JL   done

step:
	LOOKUP8(0, Y5, X5)
	LOOKUP8(2, Y6, X6)
	LOOKUP8(32, Y7, X7)
	LOOKUP8(34, Y8, X8)

	// Interleave the answers for offsets 0, 4, 8... with those for 2, 6, 10...:
	// the sign of byte 4i+1 is that for offset 4i, of byte 4i+3 for 4i+2.
	VPSRLD    $16, Y5, Y5
	VPSRLD    $16, Y7, Y7
	VPBLENDW  $0xAA, Y6, Y5, Y5
	VPBLENDW  $0xAA, Y8, Y7, Y7
	VPMOVMSKB Y5, AX
	VPMOVMSKB Y7, BX
	SHLQ      $32, BX
	ORQ       BX, AX
	SHRQ      $1, AX
	ANDQ      R13, AX

	// List the set bits, always four at least, so that the loop is predicted. Those
	// too many are overwritten; there is room, for four follow every started step.
	POPCNTQ AX, BX
	LEAQ    (R9)(BX*2), R12

list:
	APPEND(0)
	APPEND(2)
	APPEND(4)
	APPEND(6)
	ADDQ $8, R9
	CMPQ R9, R12
	JLT  list
	MOVQ R12, R9

	ADDQ $64, SI
	ADDL $64, DX
	SUBQ $64, CX
	JGE  step

done:
	SUBQ R8, R9
	SHRQ $1, R9
	MOVQ R9, ret+40(FP)
	VZEROUPPER
	RET
