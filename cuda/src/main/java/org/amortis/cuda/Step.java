package org.amortis.cuda;

import java.util.List;
import org.amortis.spi.Instruction;

/** What a program on the device consists of. */
sealed interface Step {
    /** A kernel, or a product of the library. */
    record Run(Call call) implements Step {}

    /** An instruction that the processor computes: its operands are brought there, its results back. */
    record Host(Instruction instruction) implements Step {}

    /**
     * Steps that are repeated. What differs between turns is read on the device.
     *
     * @param times how often
     * @param body what
     * @param done address of a word that is not 0 once the loop may stop, 0 if it cannot
     * @param rest what is repeated instead for each turn that is left
     * @param last what ends a turn, also the last one: carries
     */
    record Repeat(int times, List<Step> body, long done, List<Step> rest, List<Step> last) implements Step {}
}
