package org.amortis.kernels;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import org.amortis.array.DType;
import org.amortis.spi.ChainLoop;
import org.amortis.spi.ChainSpec;
import org.amortis.tensor.Binary;
import org.amortis.tensor.Compare;
import org.amortis.tensor.ElementwiseOp;
import org.amortis.tensor.Logical;
import org.amortis.tensor.ParamUnary;
import org.amortis.tensor.Unary;
import org.amortis.tensor.Where;

/**
 * Writes the loop of a chain as a hidden class: all operands of a position are loaded, the operations follow each other in
 * vector registers, then all results are stored. The species is a static constant of this module and every operation is
 * one call of the Vector API, so C2 compiles it like a loop written by hand. Only operations that are a few instructions
 * are taken: longer formulas would use up what C2 inlines into one method.
 */
final class ChainCompiler {
    /** Operations of a chain: more fill the registers and C2's budget. */
    static final int LONGEST = 40;

    private static final String API = "jdk.incubator.vector.";
    private static final ClassDesc SPECIES = ClassDesc.of(API + "VectorSpecies");
    private static final ClassDesc VECTOR = ClassDesc.of(API + "Vector");
    private static final ClassDesc MASK = ClassDesc.of(API + "VectorMask");
    private static final ClassDesc INTS = ClassDesc.of(API + "IntVector");
    private static final ClassDesc OPERATORS = ClassDesc.of(API + "VectorOperators");
    private static final ClassDesc COMPARISON = ClassDesc.of(API + "VectorOperators$Comparison");
    private static final ClassDesc HOLDER = ClassDesc.of("org.amortis.kernels.Species");
    private static final ClassDesc OBJECTS = ConstantDescs.CD_Object.arrayType();
    private static final ClassDesc INT = ConstantDescs.CD_int;
    private static final ClassDesc INT_ARRAY = INT.arrayType();
    private static final ClassDesc DOUBLE_ARRAY = ConstantDescs.CD_double.arrayType();

    private static final int ARRAYS = 1;
    private static final int OFFSETS = 2;
    private static final int STRIDES = 3;
    private static final int NUMBERS = 4;
    private static final int ROWS = 5;
    private static final int N = 6;

    private final ChainSpec spec;
    private final boolean f32;
    private final ClassDesc vector;
    private final ClassDesc scalar;
    private final int lanes;
    private int locals = 7;
    private final int[] array;
    private final int[] offset;
    private final int[] number;
    private final int[] loaded;
    private final int[] value;

    private ChainCompiler(ChainSpec spec) {
        this.spec = spec;
        this.f32 = spec.type() == DType.F32;
        this.vector = ClassDesc.of(API + (f32 ? "FloatVector" : "DoubleVector"));
        this.scalar = f32 ? ConstantDescs.CD_float : ConstantDescs.CD_double;
        this.lanes = f32 ? Species.F32.length() : Species.F64.length();
        this.array = new int[spec.arrays().size()];
        this.offset = new int[array.length];
        this.number = new int[spec.numbers()];
        this.loaded = new int[spec.inputs()];
        this.value = new int[spec.steps().size()];
    }

    /** Whether an operation is short enough for a chain. */
    static boolean takes(ElementwiseOp op) {
        return switch (op) {
            case Unary u ->
                switch (u) {
                    case NEG, ABS, SQUARE, RECIPROCAL, SQRT, RSQRT, RELU -> true;
                    default -> false;
                };
            case Binary b -> b != Binary.POW;
            case ParamUnary p -> p instanceof ParamUnary.Clamp || p instanceof ParamUnary.LeakyRelu;
            case Compare c -> true;
            case Logical l -> true;
            case Where w -> true;
            default -> false;
        };
    }

    /** The loop of a chain. */
    static ChainLoop compile(ChainSpec spec) {
        byte[] bytes = new ChainCompiler(spec).write();
        try {
            MethodHandles.Lookup own = MethodHandles.lookup().defineHiddenClass(bytes, true);
            return (ChainLoop) own.lookupClass().getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("chain " + spec + " cannot be defined", e);
        }
    }

    private byte[] write() {
        return ClassFile.of().build(ClassDesc.of("org.amortis.kernels.GeneratedChain"), b -> {
            b.withFlags(ClassFile.ACC_FINAL | ClassFile.ACC_SYNTHETIC);
            b.withInterfaceSymbols(ClassDesc.of(ChainLoop.class.getName()));
            b.withMethodBody(
                    ConstantDescs.INIT_NAME,
                    ConstantDescs.MTD_void,
                    ClassFile.ACC_PUBLIC,
                    c -> c.aload(0)
                            .invokespecial(ConstantDescs.CD_Object, ConstantDescs.INIT_NAME, ConstantDescs.MTD_void)
                            .return_());
            b.withMethodBody(
                    "run",
                    MethodTypeDesc.of(ConstantDescs.CD_void, OBJECTS, INT_ARRAY, INT_ARRAY, DOUBLE_ARRAY, INT, INT),
                    ClassFile.ACC_PUBLIC,
                    this::body);
        });
    }

    private int local(int slots) {
        int l = locals;
        locals += slots;
        return l;
    }

    private void body(CodeBuilder c) {
        for (int i = 0; i < array.length; i++) {
            array[i] = local(1);
            offset[i] = local(1);
            ClassDesc type = spec.arrays().get(i) ? INT_ARRAY : scalar.arrayType();
            c.aload(ARRAYS).loadConstant(i).aaload().checkcast(type).astore(array[i]);
            c.aload(OFFSETS).loadConstant(i).iaload().istore(offset[i]);
        }
        for (int i = 0; i < number.length; i++) {
            number[i] = local(1);
            species(c);
            c.aload(NUMBERS).loadConstant(i).daload();
            if (f32) {
                c.d2f();
            }
            c.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, scalar));
            c.astore(number[i]);
        }
        for (int i = 0; i < loaded.length; i++) {
            loaded[i] = local(1);
        }
        for (int i = 0; i < value.length; i++) {
            value[i] = local(1);
        }
        int row = local(1);
        int at = local(1);
        Label rows = c.newLabel();
        Label rowsEnd = c.newLabel();
        Label inner = c.newLabel();
        Label innerEnd = c.newLabel();
        c.iconst_0().istore(row);
        c.labelBinding(rows).iload(row).iload(ROWS).if_icmpge(rowsEnd);
        c.iconst_0().istore(at);
        c.labelBinding(inner).iload(at).iload(N).if_icmpge(innerEnd);
        for (int i = 0; i < loaded.length; i++) {
            load(c, i, at);
        }
        for (int i = 0; i < value.length; i++) {
            step(c, spec.steps().get(i));
            c.astore(value[i]);
        }
        for (int i = loaded.length; i < array.length; i++) {
            store(c, i, value[spec.results().get(i - loaded.length)], at);
        }
        c.iinc(at, lanes).goto_(inner).labelBinding(innerEnd);
        for (int i = 0; i < array.length; i++) {
            c.iload(offset[i]).aload(STRIDES).loadConstant(i).iaload().iadd().istore(offset[i]);
        }
        c.iinc(row, 1).goto_(rows).labelBinding(rowsEnd).return_();
    }

    private void species(CodeBuilder c) {
        c.getstatic(HOLDER, f32 ? "F32" : "F64", SPECIES);
    }

    /** Species of as many ints as there are numbers in a vector. */
    private void intSpecies(CodeBuilder c) {
        c.getstatic(HOLDER, f32 ? "I32" : "I32_HALF", SPECIES);
    }

    private void position(CodeBuilder c, int i, int at) {
        c.aload(array[i]).iload(offset[i]).iload(at).iadd();
    }

    private void load(CodeBuilder c, int i, int at) {
        if (spec.arrays().get(i)) {
            intSpecies(c);
            position(c, i, at);
            c.invokestatic(INTS, "fromArray", MethodTypeDesc.of(INTS, SPECIES, INT_ARRAY, INT));
            comparison(c, "NE");
            c.iconst_0().invokevirtual(INTS, "compare", MethodTypeDesc.of(MASK, COMPARISON, INT));
            species(c);
            c.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
        } else {
            species(c);
            position(c, i, at);
            c.invokestatic(vector, "fromArray", MethodTypeDesc.of(vector, SPECIES, scalar.arrayType(), INT));
        }
        c.astore(loaded[i]);
    }

    private void store(CodeBuilder c, int i, int from, int at) {
        if (spec.arrays().get(i)) {
            intSpecies(c);
            c.invokestatic(INTS, "zero", MethodTypeDesc.of(INTS, SPECIES)).iconst_1();
            c.aload(from);
            intSpecies(c);
            c.invokevirtual(MASK, "cast", MethodTypeDesc.of(MASK, SPECIES));
            c.invokevirtual(INTS, "blend", MethodTypeDesc.of(INTS, INT, MASK));
            position(c, i, at);
            c.invokevirtual(INTS, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, INT_ARRAY, INT));
        } else {
            c.aload(from);
            position(c, i, at);
            c.invokevirtual(vector, "intoArray", MethodTypeDesc.of(ConstantDescs.CD_void, scalar.arrayType(), INT));
        }
    }

    private void operand(CodeBuilder c, ChainSpec.Step s, int i) {
        c.aload(
                switch (s.operands().get(i)) {
                    case ChainSpec.Operand.Value v -> value[v.step()];
                    case ChainSpec.Operand.Array a -> loaded[a.index()];
                    case ChainSpec.Operand.Single n -> number[n.index()];
                });
    }

    private void comparison(CodeBuilder c, String name) {
        c.getstatic(OPERATORS, name, COMPARISON);
    }

    private void binary(CodeBuilder c, String name) {
        c.invokevirtual(vector, name, MethodTypeDesc.of(vector, VECTOR));
    }

    private void unary(CodeBuilder c, String name) {
        c.invokevirtual(vector, name, MethodTypeDesc.of(vector));
    }

    private void withScalar(CodeBuilder c, String name, double x) {
        if (f32) {
            c.loadConstant((float) x);
        } else {
            c.loadConstant(x);
        }
        c.invokevirtual(vector, name, MethodTypeDesc.of(vector, scalar));
    }

    /** Leaves the value of an operation on the stack. */
    private void step(CodeBuilder c, ChainSpec.Step s) {
        switch (s.op()) {
            case Unary u -> unary(c, s, u);
            case Binary b -> {
                operand(c, s, 0);
                operand(c, s, 1);
                binary(
                        c,
                        switch (b) {
                            case ADD -> "add";
                            case SUB -> "sub";
                            case MUL -> "mul";
                            case DIV -> "div";
                            case MIN -> "min";
                            case MAX -> "max";
                            case POW -> throw new IllegalStateException("pow");
                        });
            }
            case ParamUnary.Clamp p -> {
                operand(c, s, 0);
                withScalar(c, "max", p.low());
                withScalar(c, "min", p.high());
            }
            case ParamUnary.LeakyRelu p -> {
                operand(c, s, 0);
                withScalar(c, "mul", p.slope());
                operand(c, s, 0);
                operand(c, s, 0);
                comparison(c, "GT");
                if (f32) {
                    c.fconst_0();
                } else {
                    c.dconst_0();
                }
                c.invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, scalar));
                c.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, VECTOR, MASK));
            }
            case Compare k -> {
                operand(c, s, 0);
                comparison(c, k.name());
                operand(c, s, 1);
                c.invokevirtual(vector, "compare", MethodTypeDesc.of(MASK, COMPARISON, VECTOR));
            }
            case Logical l -> {
                operand(c, s, 0);
                if (l == Logical.NOT) {
                    c.invokevirtual(MASK, "not", MethodTypeDesc.of(MASK));
                } else {
                    operand(c, s, 1);
                    String name = l.name().toLowerCase(java.util.Locale.ROOT);
                    c.invokevirtual(MASK, name, MethodTypeDesc.of(MASK, MASK));
                }
            }
            case Where w
            when s.truth() -> {
                // masks have no blend: a and c, or b and not c
                operand(c, s, 2);
                operand(c, s, 0);
                c.invokevirtual(MASK, "andNot", MethodTypeDesc.of(MASK, MASK));
                operand(c, s, 1);
                operand(c, s, 0);
                c.invokevirtual(MASK, "and", MethodTypeDesc.of(MASK, MASK));
                c.invokevirtual(MASK, "or", MethodTypeDesc.of(MASK, MASK));
            }
            case Where w -> {
                operand(c, s, 2);
                operand(c, s, 1);
                operand(c, s, 0);
                c.invokevirtual(vector, "blend", MethodTypeDesc.of(vector, VECTOR, MASK));
            }
            default -> throw new IllegalStateException("chain of " + s.op().name());
        }
    }

    private void unary(CodeBuilder c, ChainSpec.Step s, Unary u) {
        if (u == Unary.RECIPROCAL || u == Unary.RSQRT) {
            species(c);
            if (f32) {
                c.fconst_1();
            } else {
                c.dconst_1();
            }
            c.invokestatic(vector, "broadcast", MethodTypeDesc.of(vector, SPECIES, scalar));
        }
        operand(c, s, 0);
        switch (u) {
            case NEG -> unary(c, "neg");
            case ABS -> unary(c, "abs");
            case SQRT -> unary(c, "sqrt");
            case SQUARE -> {
                operand(c, s, 0);
                binary(c, "mul");
            }
            case RECIPROCAL -> binary(c, "div");
            case RSQRT -> {
                unary(c, "sqrt");
                binary(c, "div");
            }
            case RELU -> {
                species(c);
                c.invokestatic(vector, "zero", MethodTypeDesc.of(vector, SPECIES));
                binary(c, "max");
            }
            default -> throw new IllegalStateException("chain of " + u);
        }
    }
}
