package org.amortis.cuda.ptx;

import java.util.List;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.LongBinaryOperator;
import org.amortis.cuda.ptx.Code.Alu;

/** Arithmetic of PTX. Exact where the hardware is; the approximate functions are rounded results instead. */
final class Arithmetic {
    private static final int CARRY = 0;

    private final Decoder decoder;
    private final Code code;

    Arithmetic(Decoder decoder, Code code) {
        this.decoder = decoder;
        this.code = code;
    }

    static float f(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    static double d(long bits) {
        return Double.longBitsToDouble(bits);
    }

    static long bits(float x) {
        return Float.floatToRawIntBits(x) & 0xffffffffL;
    }

    static long bits(double x) {
        return Double.doubleToRawLongBits(x);
    }

    private interface F2 {
        float of(float a, float b);
    }

    private interface F1 {
        float of(float a);
    }

    @SuppressWarnings("RefactorSwitch")
    Alu decode(String op, String[] p, List<String> o) {
        String type = p[p.length - 1];
        boolean wide = type.endsWith("64");
        if (p[0].equals("mov")) {
            return move(o, type);
        }
        String[] to = o.get(0).split("\\|");
        int y = code.slot(to[0]);
        int a = o.size() > 1 ? decoder.operand(o.get(1), type) : 0;
        int b = o.size() > 2 ? decoder.operand(o.get(2), p[0].equals("setp") ? p[p.length - 1] : type) : 0;
        int c = o.size() > 3 ? decoder.operand(o.get(3), type) : 0;
        boolean flt = type.charAt(0) == 'f';
        boolean carry = List.of(p).contains("cc");
        boolean lo = !List.of(p).contains("hi");
        switch (p[0]) {
            case "setp" -> {
                return compare(p, y, a, b, type);
            }
            case "selp" -> {
                return r -> r[y] = r[c] != 0 ? r[a] : r[b];
            }
            case "mapa" -> {
                return r -> r[y] = r[b] + 1 << Code.WINDOW | r[a];
            }
            case "cvta" -> {
                return r -> r[y] = r[a];
            }
            case "cvt" -> {
                return convert(op, p, y, a, b);
            }
            case "add", "sub", "mul", "div", "min", "max", "copysign" -> {
                if (flt) {
                    return wide ? doubles(p[0], y, a, b) : floats(op, p[0], y, a, b);
                }
                if (p[0].equals("mul") && p[1].equals("wide")) {
                    return type.equals("s32")
                            ? r -> r[y] = (long) (int) r[a] * (int) r[b]
                            : r -> r[y] = (r[a] & 0xffffffffL) * (r[b] & 0xffffffffL);
                }
                if (carry) {
                    return withCarry(p[0], y, a, b, false);
                }
                LongBinaryOperator g = integers(p[0], type, lo);
                return wide ? r -> r[y] = g.applyAsLong(r[a], r[b]) : r -> r[y] = (int) g.applyAsLong(r[a], r[b]);
            }
            case "rem" -> {
                LongBinaryOperator g = integers("rem", type, lo);
                return wide ? r -> r[y] = g.applyAsLong(r[a], r[b]) : r -> r[y] = (int) g.applyAsLong(r[a], r[b]);
            }
            case "addc", "subc" -> {
                return withCarry(p[0].substring(0, 3), y, a, b, true);
            }
            case "mad" -> {
                if (p[1].equals("wide")) {
                    return type.equals("s32")
                            ? r -> r[y] = (long) (int) r[a] * (int) r[b] + r[c]
                            : r -> r[y] = (r[a] & 0xffffffffL) * (r[b] & 0xffffffffL) + r[c];
                }
                if (carry) {
                    return multiplyAdd(y, a, b, c, lo, false);
                }
                LongBinaryOperator g = integers("mul", type, lo);
                return wide
                        ? r -> r[y] = g.applyAsLong(r[a], r[b]) + r[c]
                        : r -> r[y] = (int) (g.applyAsLong(r[a], r[b]) + r[c]);
            }
            case "madc" -> {
                return multiplyAdd(y, a, b, c, lo, true);
            }
            case "fma" -> {
                if (wide) {
                    return r -> r[y] = bits(Math.fma(d(r[a]), d(r[b]), d(r[c])));
                }
                if (op.contains(".rn")) {
                    return r -> r[y] = bits(Math.fma(f(r[a]), f(r[b]), f(r[c])));
                }
                boolean down = op.contains(".rm");
                return r -> r[y] = bits(rounded((double) f(r[a]) * f(r[b]) + f(r[c]), down));
            }
            case "and" -> {
                return r -> r[y] = r[a] & r[b];
            }
            case "or" -> {
                return r -> r[y] = r[a] | r[b];
            }
            case "xor" -> {
                return r -> r[y] = r[a] ^ r[b];
            }
            case "not" -> {
                return type.equals("pred") ? r -> r[y] = r[a] != 0 ? 0 : 1 : r -> r[y] = ~r[a];
            }
            case "shl" -> {
                return wide
                        ? r -> r[y] = (r[b] & 0xffffffffL) > 63 ? 0 : r[a] << r[b]
                        : r -> r[y] = (r[b] & 0xffffffffL) > 31 ? 0 : (int) r[a] << (int) r[b];
            }
            case "shr" -> {
                boolean signed = type.charAt(0) == 's';
                if (wide) {
                    return signed
                            ? r -> r[y] = r[a] >> Math.min(63, r[b] & 0xffffffffL)
                            : r -> r[y] = (r[b] & 0xffffffffL) > 63 ? 0 : r[a] >>> r[b];
                }
                return signed
                        ? r -> r[y] = (int) r[a] >> (int) Math.min(31, r[b] & 0xffffffffL)
                        : r -> r[y] = (r[b] & 0xffffffffL) > 31 ? 0 : (int) r[a] >>> (int) r[b];
            }
            case "neg", "abs" -> {
                boolean negate = p[0].equals("neg");
                if (flt) {
                    long mask = wide ? Long.MIN_VALUE : 0x80000000L;
                    return negate ? r -> r[y] = r[a] ^ mask : r -> r[y] = r[a] & ~mask & (wide ? -1L : 0xffffffffL);
                }
                if (wide) {
                    return negate ? r -> r[y] = -r[a] : r -> r[y] = Math.abs(r[a]);
                }
                return negate ? r -> r[y] = -(int) r[a] : r -> r[y] = Math.abs((int) r[a]);
            }
            case "popc" -> {
                return wide ? r -> r[y] = Long.bitCount(r[a]) : r -> r[y] = Integer.bitCount((int) r[a]);
            }
            case "clz" -> {
                return wide
                        ? r -> r[y] = Long.numberOfLeadingZeros(r[a])
                        : r -> r[y] = Integer.numberOfLeadingZeros((int) r[a]);
            }
            case "bfi" -> {
                int length = decoder.operand(o.get(4), "u32");
                return r -> {
                    long mask = r[length] >= 64 ? -1L : (1L << r[length]) - 1;
                    r[y] = r[b] & ~(mask << r[c]) | (r[a] & mask) << r[c];
                };
            }
            default -> {
                return functions(op, p[0], wide, y, a);
            }
        }
    }

    private static float rounded(double exact, boolean down) {
        float r = (float) exact;
        if (down && r > exact) {
            return Math.nextDown(r);
        }
        // toward zero
        return !down && Math.abs((double) r) > Math.abs(exact) ? r > 0 ? Math.nextDown(r) : Math.nextUp(r) : r;
    }

    private static Alu floats(String op, String name, int y, int a, int b) {
        if (name.equals("copysign")) {
            return r -> r[y] = bits(Math.copySign(f(r[b]), f(r[a])));
        }
        if (op.contains(".rz")) {
            return r -> r[y] = bits(rounded((double) f(r[a]) + f(r[b]), false));
        }
        F2 g = switch (name) {
            case "add" -> (u, v) -> u + v;
            case "sub" -> (u, v) -> u - v;
            case "mul" -> (u, v) -> u * v;
            case "div" -> (u, v) -> u / v;
            case "min" -> (u, v) -> Float.isNaN(u) ? v : Float.isNaN(v) ? u : Math.min(u, v);
            default -> (u, v) -> Float.isNaN(u) ? v : Float.isNaN(v) ? u : Math.max(u, v);
        };
        return r -> r[y] = bits(g.of(f(r[a]), f(r[b])));
    }

    private static Alu doubles(String name, int y, int a, int b) {
        if (name.equals("copysign")) {
            return r -> r[y] = bits(Math.copySign(d(r[b]), d(r[a])));
        }
        DoubleBinaryOperator g = switch (name) {
            case "add" -> (u, v) -> u + v;
            case "sub" -> (u, v) -> u - v;
            case "mul" -> (u, v) -> u * v;
            case "div" -> (u, v) -> u / v;
            case "min" -> (u, v) -> Double.isNaN(u) ? v : Double.isNaN(v) ? u : Math.min(u, v);
            default -> (u, v) -> Double.isNaN(u) ? v : Double.isNaN(v) ? u : Math.max(u, v);
        };
        return r -> r[y] = bits(g.applyAsDouble(d(r[a]), d(r[b])));
    }

    private static LongBinaryOperator integers(String name, String type, boolean lo) {
        boolean signed = type.charAt(0) == 's';
        boolean wide = type.endsWith("64");
        return switch (name) {
            case "add" -> (u, v) -> u + v;
            case "sub" -> (u, v) -> u - v;
            case "mul" ->
                lo
                        ? (u, v) -> u * v
                        : wide
                                ? signed ? Math::multiplyHigh : Math::unsignedMultiplyHigh
                                : signed
                                        ? (u, v) -> (long) (int) u * (int) v >> 32
                                        : (u, v) -> (u & 0xffffffffL) * (v & 0xffffffffL) >>> 32;
            case "div" ->
                wide
                        ? signed ? (u, v) -> u / v : Long::divideUnsigned
                        : signed ? (u, v) -> (int) u / (int) v : (u, v) -> Integer.divideUnsigned((int) u, (int) v);
            case "rem" ->
                wide
                        ? signed ? (u, v) -> u % v : Long::remainderUnsigned
                        : signed ? (u, v) -> (int) u % (int) v : (u, v) -> Integer.remainderUnsigned((int) u, (int) v);
            case "min" ->
                wide
                        ? signed ? Math::min : (u, v) -> Long.compareUnsigned(u, v) < 0 ? u : v
                        : signed
                                ? (u, v) -> Math.min((int) u, (int) v)
                                : (u, v) -> Integer.compareUnsigned((int) u, (int) v) < 0 ? u : v;
            case "max" ->
                wide
                        ? signed ? Math::max : (u, v) -> Long.compareUnsigned(u, v) > 0 ? u : v
                        : signed
                                ? (u, v) -> Math.max((int) u, (int) v)
                                : (u, v) -> Integer.compareUnsigned((int) u, (int) v) > 0 ? u : v;
            default -> throw new IllegalArgumentException(name);
        };
    }

    private static Alu withCarry(String name, int y, int a, int b, boolean in) {
        if (name.equals("add")) {
            return r -> {
                long s = (r[a] & 0xffffffffL) + (r[b] & 0xffffffffL) + (in ? r[CARRY] : 0);
                r[CARRY] = s >>> 32;
                r[y] = (int) s;
            };
        }
        return r -> {
            long s = (r[a] & 0xffffffffL) - (r[b] & 0xffffffffL) - (in ? r[CARRY] : 0);
            r[CARRY] = s < 0 ? 1 : 0;
            r[y] = (int) s;
        };
    }

    private static Alu multiplyAdd(int y, int a, int b, int c, boolean lo, boolean in) {
        return r -> {
            long product = (r[a] & 0xffffffffL) * (r[b] & 0xffffffffL);
            long half = lo ? product & 0xffffffffL : product >>> 32;
            long s = half + (r[c] & 0xffffffffL) + (in ? r[CARRY] : 0);
            r[CARRY] = s >>> 32;
            r[y] = (int) s;
        };
    }

    private Alu move(List<String> o, String type) {
        String to = o.get(0);
        String from = o.get(1);
        if (to.startsWith("{")) {
            String[] parts = to.replaceAll("[{}\\s]", "").split(",");
            int low = parts[0].equals("_") ? -1 : code.slot(parts[0]);
            int high = parts[1].equals("_") ? -1 : code.slot(parts[1]);
            int a = decoder.operand(from, type);
            return r -> {
                long v = r[a];
                if (low >= 0) {
                    r[low] = (int) v;
                }
                if (high >= 0) {
                    r[high] = (int) (v >>> 32);
                }
            };
        }
        int y = code.slot(to);
        if (from.startsWith("{")) {
            String[] parts = from.replaceAll("[{}\\s]", "").split(",");
            int low = decoder.operand(parts[0], "b32");
            int high = decoder.operand(parts[1], "b32");
            return r -> r[y] = r[high] << 32 | r[low] & 0xffffffffL;
        }
        int a = decoder.operand(from, type);
        return r -> r[y] = r[a];
    }

    private static Alu compare(String[] p, int y, int a, int b, String type) {
        String cmp = p[1];
        boolean wide = type.endsWith("64");
        if (type.charAt(0) == 'f') {
            boolean unordered = cmp.length() == 3 && cmp.charAt(2) == 'u';
            String base = unordered ? cmp.substring(0, 2) : cmp;
            return r -> {
                double u = wide ? d(r[a]) : f(r[a]);
                double v = wide ? d(r[b]) : f(r[b]);
                boolean nan = Double.isNaN(u) || Double.isNaN(v);
                boolean is = switch (base) {
                    case "eq" -> u == v;
                    case "ne" -> u != v && !nan;
                    case "lt" -> u < v;
                    case "le" -> u <= v;
                    case "gt" -> u > v;
                    case "ge" -> u >= v;
                    case "num" -> !nan;
                    case "nan" -> nan;
                    default -> throw new IllegalArgumentException(base);
                };
                r[y] = is || unordered && nan ? 1 : 0;
            };
        }
        boolean signed = type.charAt(0) == 's';
        boolean narrow = type.endsWith("16");
        return r -> {
            int k;
            if (wide) {
                k = signed ? Long.compare(r[a], r[b]) : Long.compareUnsigned(r[a], r[b]);
            } else if (narrow) {
                k = Integer.compare((short) r[a], (short) r[b]);
            } else {
                k = signed ? Integer.compare((int) r[a], (int) r[b]) : Integer.compareUnsigned((int) r[a], (int) r[b]);
            }
            boolean is = switch (cmp) {
                case "eq" -> k == 0;
                case "ne" -> k != 0;
                case "lt", "lo" -> k < 0;
                case "le", "ls" -> k <= 0;
                case "gt", "hi" -> k > 0;
                case "ge", "hs" -> k >= 0;
                default -> throw new IllegalArgumentException(cmp);
            };
            r[y] = is ? 1 : 0;
        };
    }

    private static double round(double x, String mode) {
        return switch (mode) {
            case "rni" -> Math.rint(x);
            case "rzi" -> x < 0 ? Math.ceil(x) : Math.floor(x);
            case "rmi" -> Math.floor(x);
            case "rpi" -> Math.ceil(x);
            default -> x;
        };
    }

    private static Alu convert(String op, String[] p, int y, int a, int b) {
        String from = p[p.length - 1];
        String to = p[p.length - 2];
        String mode = p.length > 3 ? p[1] : "";
        boolean saturate = op.contains(".sat");
        if (from.charAt(0) == 'f') {
            boolean wide = from.equals("f64");
            return switch (to) {
                case "tf32" -> r -> r[y] = bits(TensorCore.tf32(f(r[a])));
                case "bf16x2" -> r -> r[y] = TensorCore.bf16x2(f(r[a]), f(r[b]));
                case "f32" ->
                    r -> {
                        double v = round(wide ? d(r[a]) : f(r[a]), mode);
                        r[y] = bits((float) (saturate ? Double.isNaN(v) ? 0 : Math.clamp(v, 0, 1) : v));
                    };
                case "f64" -> r -> r[y] = bits(round(wide ? d(r[a]) : f(r[a]), mode));
                case "s32" ->
                    r -> {
                        double v = round(wide ? d(r[a]) : f(r[a]), mode);
                        r[y] = Double.isNaN(v) ? wide ? Integer.MIN_VALUE : 0 : (int) v;
                    };
                case "s64" -> r -> r[y] = (long) round(wide ? d(r[a]) : f(r[a]), mode);
                default -> throw new IllegalArgumentException(op);
            };
        }
        Code.Alu widen = switch (from) {
            case "s32" -> r -> r[y] = (int) r[a];
            case "u32", "b32" -> r -> r[y] = r[a] & 0xffffffffL;
            case "u16" -> r -> r[y] = r[a] & 0xffff;
            case "s16" -> r -> r[y] = (short) r[a];
            case "u8" -> r -> r[y] = r[a] & 0xff;
            case "s8" -> r -> r[y] = (byte) r[a];
            default -> r -> r[y] = r[a];
        };
        return switch (to) {
            case "f32" ->
                r -> {
                    widen.run(r);
                    r[y] = bits((float) r[y]);
                };
            case "f64" ->
                r -> {
                    widen.run(r);
                    r[y] = bits((double) r[y]);
                };
            case "s32", "u32" ->
                r -> {
                    widen.run(r);
                    r[y] = (int) r[y];
                };
            default -> widen;
        };
    }

    private static Alu functions(String op, String name, boolean wide, int y, int a) {
        boolean flush = op.contains(".ftz");
        DoubleUnaryOperator g = switch (name) {
            case "rcp" -> x -> 1 / x;
            case "sqrt" -> Math::sqrt;
            case "rsqrt" -> x -> 1 / Math.sqrt(x);
            case "ex2" -> x -> Math.pow(2, x);
            case "lg2" -> x -> Math.log(x) / Math.log(2);
            case "sin" -> Math::sin;
            case "cos" -> Math::cos;
            case "tanh" -> Math::tanh;
            default -> throw new IllegalArgumentException("no such instruction: " + op);
        };
        if (wide) {
            // the hardware looks at the upper half only
            boolean half = flush;
            return half
                    ? r -> r[y] = bits(g.applyAsDouble(d(r[a] & 0xffffffff00000000L))) & 0xffffffff00000000L
                    : r -> r[y] = bits(g.applyAsDouble(d(r[a])));
        }
        F1 flushed = x -> flush && Math.abs(x) < Float.MIN_NORMAL ? Math.copySign(0f, x) : x;
        return r -> r[y] = bits(flushed.of((float) g.applyAsDouble(flushed.of(f(r[a])))));
    }
}
