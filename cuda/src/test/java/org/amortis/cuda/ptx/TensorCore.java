package org.amortis.cuda.ptx;

import org.amortis.cuda.ptx.Code.Instruction;

/**
 * The warp's products of 16 x K and K x 8 matrices, with elements distributed over lanes as the PTX ISA lays them out (9.7.14.5,
 * matrix fragments of mma.m16n8k8 with .tf32 and of mma.m16n8k16 with .bf16). Sums are exact and rounded once a product, which
 * the hardware does not promise: it may cut off what it adds.
 */
final class TensorCore {
    private static final int M = 16;
    private static final int N = 8;
    private static final int LANES = 32;

    private TensorCore() {}

    /** The type of the factors, if the instruction is one of the two. */
    static String form(String op) {
        return switch (op) {
            case "mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32" -> "tf32";
            case "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32" -> "bf16";
            default -> throw new IllegalArgumentException("no such instruction: " + op);
        };
    }

    /** To nearest with 10 bits behind the point, ties away from zero; the bits below are 0. */
    static float tf32(float x) {
        return Float.isFinite(x) ? Float.intBitsToFloat(Float.floatToRawIntBits(x) + 0x1000 & ~0x1fff) : x;
    }

    /** To nearest with 7 bits behind the point, ties to even: the upper half of a float. */
    private static int bf16(float x) {
        int bits = Float.floatToRawIntBits(x);
        return Float.isNaN(x) ? 0x7fff : bits + 0x7fff + (bits >>> 16 & 1) >>> 16;
    }

    /** Two of them in one word. */
    static int bf16x2(float upper, float lower) {
        return bf16(upper) << 16 | bf16(lower);
    }

    /** Element of a fragment: the lower 13 bits of .tf32 are not looked at, the first of two .bf16 is the lower. */
    private static float element(long[] lane, int[] registers, int first, int i, boolean halves) {
        int bits = (int) lane[registers[first + (halves ? i / 2 : i)]];
        return Float.intBitsToFloat(halves ? i % 2 == 0 ? bits << 16 : bits & 0xffff0000 : bits & ~0x1fff);
    }

    /** D = A B + C. */
    static void multiply(Instruction at, long[][] lanes) {
        if (lanes.length != LANES) {
            throw new IllegalStateException("not all lanes are there: " + at.text);
        }
        boolean halves = at.mode.equals("bf16");
        int k = halves ? 16 : 8;
        int[] r = at.registers;
        float[][] a = new float[M][k];
        float[][] b = new float[k][N];
        for (int lane = 0; lane < LANES; lane++) {
            int group = lane >> 2;
            int thread = lane % 4;
            for (int i = 0; i < (halves ? 8 : 4); i++) {
                int row = halves ? i < 2 || 4 <= i && i < 6 ? group : group + 8 : i == 0 || i == 2 ? group : group + 8;
                int col = halves
                        ? i < 4 ? thread * 2 + (i & 1) : thread * 2 + (i & 1) + 8
                        : i == 0 || i == 1 ? thread : thread + 4;
                a[row][col] = element(lanes[lane], r, 4, i, halves);
            }
            for (int i = 0; i < (halves ? 4 : 2); i++) {
                int row =
                        halves ? i < 2 ? thread * 2 + (i & 1) : thread * 2 + (i & 1) + 8 : i == 0 ? thread : thread + 4;
                b[row][group] = element(lanes[lane], r, 8, i, halves);
            }
        }
        for (int lane = 0; lane < LANES; lane++) {
            int group = lane >> 2;
            int thread = lane % 4;
            float[] d = new float[4];
            for (int i = 0; i < 4; i++) {
                int row = i < 2 ? group : group + 8;
                int col = thread * 2 + (i & 1);
                double v = Arithmetic.f(lanes[lane][r[10 + i]]);
                for (int l = 0; l < k; l++) {
                    v += (double) a[row][l] * b[l][col];
                }
                d[i] = (float) v;
            }
            for (int i = 0; i < 4; i++) {
                lanes[lane][r[i]] = Arithmetic.bits(d[i]);
            }
        }
    }
}
