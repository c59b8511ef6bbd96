package org.amortis.cuda.ptx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.junit.jupiter.api.Test;

/** The machine finds what it is there to find. */
class MachineTest {
    private static final String HEAD = """
        .version 6.3
        .target sm_75
        .address_size 64
        .visible .entry k(
        .param .align 8 .b8 k_param_0[8]
        )
        {
        .reg .pred %p<4>;
        .reg .b32 %r<9>;
        .reg .b64 %rd<5>;
        .shared .align 4 .b8 room[256];
        ld.param.u64 %rd1, [k_param_0];
        cvta.to.global.u64 %rd1, %rd1;
        mov.u32 %r1, %tid.x;
        mul.wide.s32 %rd2, %r1, 4;
        add.s64 %rd3, %rd1, %rd2;
        shl.b32 %r2, %r1, 2;
        mov.u32 %r3, room;
        add.s32 %r3, %r3, %r2;
        """;

    private static int[] run(String body, int threads, int words) {
        return run(HEAD, body, 1, threads, words);
    }

    private static int[] run(String head, String body, int blocks, int threads, int words) {
        Arena memory = new Arena();
        Module m = new Module(head + body + "ret;\n}\n", memory);
        long y = memory.allocate(4L * words);
        byte[] a =
                ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(y).array();
        new Machine(memory).launch(m, "k", new int[] {1, 1, blocks}, new int[] {threads, 1, 1}, 0, a);
        int[] r = new int[words];
        ByteBuffer.wrap(memory.bytes())
                .order(ByteOrder.LITTLE_ENDIAN)
                .position(memory.at(y, 4))
                .asIntBuffer()
                .get(r);
        return r;
    }

    private static String failure(String body, int threads, int words) {
        return assertThrows(IllegalStateException.class, () -> run(body, threads, words))
                .getMessage();
    }

    @Test
    void barriersLetThreadsReadWhatOthersWrote() {
        String turned = """
            st.shared.u32 [%r3], %r1;
            bar.sync 0;
            sub.s32 %r4, 252, %r2;
            mov.u32 %r5, room;
            add.s32 %r4, %r4, %r5;
            ld.shared.u32 %r6, [%r4];
            st.global.u32 [%rd3], %r6;
            """;
        int[] r = run(turned, 64, 64);
        for (int i = 0; i < 64; i++) {
            assertEquals(63 - i, r[i]);
        }
        assertTrue(failure(turned.replace("bar.sync 0;", ""), 64, 64).contains("read before it is written"));
    }

    @Test
    void racesAreFound() {
        assertTrue(failure("st.shared.u32 [room], %r1;\n", 2, 2).contains("race"));
        String readers = "st.shared.u32 [%r3], %r1;\nbar.sync 0;\nld.shared.u32 %r4, [room];\n";
        run(readers, 40, 40);
        assertTrue(failure(readers + "st.shared.u32 [%r3], %r4;\n", 40, 40).contains("race"));
    }

    @Test
    void racesOfWarpsOnDeviceMemoryAreFound() {
        assertTrue(failure("st.global.u32 [%rd1], %r1;\n", 33, 33).contains("race on device memory"));
        run("st.global.u32 [%rd1], %r1;\n", 32, 33);
        String readers = "st.global.u32 [%rd3], %r1;\nbar.sync 0;\nld.global.u32 %r4, [%rd1];\n";
        run(readers, 64, 64);
        assertTrue(failure(readers + "st.global.u32 [%rd3], %r4;\n", 64, 64).contains("race on device memory"));
        run(readers + "bar.sync 0;\nst.global.u32 [%rd3], %r4;\n", 64, 64);
    }

    @Test
    void accessesOutsideAreFound() {
        assertTrue(failure("st.global.u32 [%rd3], %r1;\n", 65, 64).contains("outside"));
        assertTrue(failure("st.global.u32 [%rd3+-4], %r1;\n", 1, 64).contains("outside"));
        assertTrue(failure("st.global.u32 [%rd3+2], %r1;\n", 1, 64).contains("misaligned"));
        assertTrue(failure("st.shared.u32 [%r3], %r1;\n", 65, 64).contains("shared access"));
    }

    @Test
    void barriersNotAllReachAreFound() {
        assertTrue(failure("""
            setp.lt.s32 %p1, %r1, 3;
            @%p1 bra A;
            bar.sync 0;
            A:
            shfl.sync.bfly.b32 %r4, %r1, 1, 31, -1;
            """, 32, 32).contains("for ever"));
    }

    @Test
    void lanesExchange() {
        int[] r = run("shfl.sync.bfly.b32 %r4, %r1, 5, 31, -1;\nst.global.u32 [%rd3], %r4;\n", 32, 32);
        for (int i = 0; i < 32; i++) {
            assertEquals(i ^ 5, r[i]);
        }
    }

    @Test
    void factorsAreRoundedToNearest() {
        String tie = """
            mov.b32 %f1, 0x3f801000;
            cvt.rna.tf32.f32 %r4, %f1;
            st.global.u32 [%rd3], %r4;
            mov.b32 %f2, 0x3f808000;
            mov.b32 %f3, 0x3f818000;
            cvt.rn.bf16x2.f32 %r5, %f2, %f3;
            st.global.u32 [%rd3+4], %r5;
            """;
        assertArrayEquals(new int[] {0x3f802000, 0x3f803f82}, run(tie, 1, 2));
    }

    /** Places of elements are looked at by the products themselves. */
    @Test
    void aWarpMultiplies() {
        String ones = """
            mov.b32 %r4, 0x3f800000;
            cvt.rn.f32.s32 %f1, %r1;
            mma.sync.aligned.m16n8k8.row.col.f32.tf32.tf32.f32 {%f2, %f3, %f4, %f5}, {%r4, %r4, %r4, %r4}, {%r4, %r4}, {%f1, %f1, %f1, %f1};
            st.global.f32 [%rd3], %f5;
            """;
        int[] r = run(ones, 32, 32);
        for (int i = 0; i < 32; i++) {
            assertEquals(8 + i, Float.intBitsToFloat(r[i]));
        }
        assertTrue(failure(ones, 31, 32).contains("not all lanes"));
    }

    /** Two blocks give each other their numbers. */
    @Test
    void blocksOfAClusterExchange() {
        String head = HEAD.replace(")\n{", ")\n.explicitcluster\n.reqnctapercluster 1, 1, 2\n{");
        String first = "barrier.cluster.arrive.aligned;\n";
        String begun = "barrier.cluster.wait.aligned;\n";
        String there = "mov.u32 %r4, %ctaid.z;\nsub.s32 %r5, 1, %r4;\nmapa.shared::cluster.u32 %r6, %r3, %r5;\n";
        String put = there + "st.shared::cluster.u32 [%r6], %r4;\n";
        String mine = "mad.lo.s32 %r7, %r4, 4, %r1;\nmul.wide.s32 %rd2, %r7, 4;\nadd.s64 %rd3, %rd1, %rd2;\n";
        String look = "ld.shared.u32 %r8, [%r3];\n" + mine + "st.global.u32 [%rd3], %r8;\n";
        String good = first + begun + put + first + begun + look;
        int[] r = run(head, good, 2, 4, 8);
        for (int i = 0; i < 8; i++) {
            assertEquals(i < 4 ? 1 : 0, r[i]);
        }
        assertTrue(clusterFailure(head, put + first + begun + look).contains("may not have begun"));
        assertTrue(clusterFailure(head, first + begun + put + look).contains("read before it is written"));
        String own = "st.shared.u32 [%r3], %r1;\n";
        assertTrue(clusterFailure(head, own + first + begun + put + look).contains("has ended"));
        // one thread of a block sends to the other's thread of the same number: a barrier of the block is not enough
        assertTrue(clusterFailure(head, first + begun + put + "bar.sync 0;\n" + own)
                .contains("race"));
        run(head, first + begun + put + first + begun + own, 2, 4, 8);
        assertTrue(clusterFailure(head, first + first + begun + look).contains("without a wait"));
    }

    private static String clusterFailure(String head, String body) {
        return assertThrows(IllegalStateException.class, () -> run(head, body, 2, 4, 8))
                .getMessage();
    }
}
