package org.amortis.kernels;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Steps of a spline over a block of elements whose numbers lie as planes: lanes are elements. Planes are an even number of
 * vectors long; what lies behind the elements is computed along. No masked loads or stores.
 */
final class FloatSplineSteps {
    private static final VectorSpecies<Float> S = Species.F32;
    private static final int L = S.length();

    private FloatSplineSteps() {}

    /** count planes from x on become exponentials of their numbers less the largest; factor = total / their sum. */
    static void exponentials(float[] s, int x, int stride, int count, int n, float scale, float total, int factor) {
        for (int i = 0; i < n; i += 2 * L) {
            FloatVector max = FloatVector.fromArray(S, s, x + i);
            FloatVector max2 = FloatVector.fromArray(S, s, x + i + L);
            for (int k = 1; k < count; k++) {
                FloatVector v = FloatVector.fromArray(S, s, x + k * stride + i);
                FloatVector w = FloatVector.fromArray(S, s, x + k * stride + i + L);
                max = max.blend(v, v.compare(VectorOperators.GT, max));
                max2 = max2.blend(w, w.compare(VectorOperators.GT, max2));
            }
            FloatVector sum = FloatVector.zero(S);
            FloatVector sum2 = sum;
            for (int k = 0; k < count; k++) {
                FloatVector v = FloatVector.fromArray(S, s, x + k * stride + i);
                FloatVector w = FloatVector.fromArray(S, s, x + k * stride + i + L);
                v = v.sub(max).mul(scale);
                w = w.sub(max2).mul(scale);
                FloatVector k1 = v.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n2 = k1.sub(0x1.8p23f);
                FloatVector r3 = n2.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f), n2.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), v));
                FloatVector p4 =
                        r3.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                p4 = p4.fma(r3, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                p4 = p4.fma(r3, FloatVector.broadcast(S, 0x1.555492p-3f));
                p4 = p4.fma(r3, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                p4 = r3.mul(r3).fma(p4, r3).add(1f);
                IntVector scaled5 =
                        p4.reinterpretAsInts().add(k1.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
                VectorMask<Float> ordinary6 =
                        v.compare(VectorOperators.GE, -87f).and(v.compare(VectorOperators.LE, 0f));
                FloatVector special7 = v.blend(0f, v.compare(VectorOperators.LT, -87f));
                FloatVector expOfNegative8 = special7.blend(scaled5.reinterpretAsFloats(), ordinary6);
                FloatVector e = expOfNegative8;
                FloatVector k9 = w.fma(FloatVector.broadcast(S, 0x1.715476p0f), FloatVector.broadcast(S, 0x1.8p23f));
                FloatVector n10 = k9.sub(0x1.8p23f);
                FloatVector r11 = n10.fma(
                        FloatVector.broadcast(S, 0x1.05c61p-29f), n10.fma(FloatVector.broadcast(S, -0x1.62e43p-1f), w));
                FloatVector p12 =
                        r11.fma(FloatVector.broadcast(S, 0x1.6a48cep-10f), FloatVector.broadcast(S, 0x1.12399ap-7f));
                p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.5558b4p-5f));
                p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.555492p-3f));
                p12 = p12.fma(r11, FloatVector.broadcast(S, 0x1.fffffcp-2f));
                p12 = r11.mul(r11).fma(p12, r11).add(1f);
                IntVector scaled13 =
                        p12.reinterpretAsInts().add(k9.reinterpretAsInts().lanewise(VectorOperators.LSHL, 23));
                VectorMask<Float> ordinary14 =
                        w.compare(VectorOperators.GE, -87f).and(w.compare(VectorOperators.LE, 0f));
                FloatVector special15 = w.blend(0f, w.compare(VectorOperators.LT, -87f));
                FloatVector expOfNegative16 = special15.blend(scaled13.reinterpretAsFloats(), ordinary14);
                FloatVector e2 = expOfNegative16;
                e.intoArray(s, x + k * stride + i);
                e2.intoArray(s, x + k * stride + i + L);
                sum = sum.add(e);
                sum2 = sum2.add(e2);
            }
            FloatVector.broadcast(S, total).div(sum).intoArray(s, factor + i);
            FloatVector.broadcast(S, total).div(sum2).intoArray(s, factor + i + L);
        }
    }

    /**
     * Finds the bin of each value among the knots of the searched axis. Writes nine planes from y on: the bin's number, its
     * lower end and size on the searched axis, the same on the other, sums of exponentials up to it and through it on the
     * searched axis, the same on the other. The numbers of the slopes at its ends plus an offset go to raw, 2 n numbers.
     */
    static void search(
            float[] s,
            int value,
            int searched,
            int other,
            int slopes,
            int stride,
            int bins,
            int n,
            float min,
            int factors,
            int y,
            int raw,
            float offset) {
        float lastBin = bins - 1;
        for (int i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromArray(S, s, value + i);
            FloatVector factor = FloatVector.fromArray(S, s, factors + i);
            FloatVector sum = FloatVector.fromArray(S, s, searched + i);
            FloatVector otherSum = FloatVector.fromArray(S, s, other + i);
            FloatVector bin = FloatVector.zero(S);
            FloatVector low = bin;
            FloatVector otherLow = bin;
            FloatVector high = sum;
            FloatVector otherHigh = otherSum;
            FloatVector d = FloatVector.fromArray(S, s, slopes + i);
            FloatVector next = FloatVector.fromArray(S, s, slopes + stride + i);
            FloatVector e = next;
            for (int k = 1; k < bins; k++) {
                int at = k * stride + i;
                float number = k;
                FloatVector knot = sum.fma(factor, FloatVector.broadcast(S, number * min));
                VectorMask<Float> reached = v.compare(VectorOperators.GE, knot);
                bin = bin.blend(number, reached);
                low = low.blend(sum, reached);
                otherLow = otherLow.blend(otherSum, reached);
                d = d.blend(next, reached);
                sum = sum.add(FloatVector.fromArray(S, s, searched + at));
                otherSum = otherSum.add(FloatVector.fromArray(S, s, other + at));
                next = FloatVector.fromArray(S, s, slopes + stride + at);
                high = high.blend(sum, reached);
                otherHigh = otherHigh.blend(otherSum, reached);
                e = e.blend(next, reached);
            }
            FloatVector otherFactor = FloatVector.fromArray(S, s, factors + stride + i);
            VectorMask<Float> last = bin.compare(VectorOperators.GE, lastBin);
            FloatVector lowMin = bin.mul(min);
            FloatVector highMin = bin.add(1f).mul(min);
            FloatVector lower = low.fma(factor, lowMin);
            FloatVector upper = high.fma(factor, highMin).blend(1f, last);
            FloatVector otherLower = otherLow.fma(otherFactor, lowMin);
            FloatVector otherUpper = otherHigh.fma(otherFactor, highMin).blend(1f, last);
            bin.intoArray(s, y + i);
            lower.intoArray(s, y + stride + i);
            upper.sub(lower).intoArray(s, y + 2 * stride + i);
            otherLower.intoArray(s, y + 3 * stride + i);
            otherUpper.sub(otherLower).intoArray(s, y + 4 * stride + i);
            low.intoArray(s, y + 5 * stride + i);
            high.intoArray(s, y + 6 * stride + i);
            otherLow.intoArray(s, y + 7 * stride + i);
            otherHigh.intoArray(s, y + 8 * stride + i);
            d.add(offset).intoArray(s, raw + i);
            e.add(offset).intoArray(s, raw + n + i);
        }
    }

    /**
     * Values in bins to values: bin holds the planes of {@link #search}, slopes 2 n numbers that lack the smallest slope.
     * Writes the value to plane y, the numerator of the slope and the root of its other factor behind it, 2 n numbers.
     */
    static void up(float[] s, int value, int bin, int slopes, float min, int stride, int n, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, s, bin + stride + i);
            FloatVector width = FloatVector.fromArray(S, s, bin + 2 * stride + i);
            FloatVector bottom = FloatVector.fromArray(S, s, bin + 3 * stride + i);
            FloatVector height = FloatVector.fromArray(S, s, bin + 4 * stride + i);
            FloatVector d = FloatVector.fromArray(S, s, slopes + i).add(min);
            FloatVector e = FloatVector.fromArray(S, s, slopes + n + i).add(min);
            FloatVector t = FloatVector.fromArray(S, s, value + i).sub(x).div(width);
            t = t.blend(0f, t.compare(VectorOperators.LT, 0f));
            t = t.blend(1f, t.compare(VectorOperators.GT, 1f));
            FloatVector r = FloatVector.broadcast(S, 1f).sub(t);
            FloatVector delta = height.div(width);
            FloatVector tr = t.mul(r);
            FloatVector tt = t.mul(t);
            FloatVector rr = r.mul(r);
            FloatVector den = tt.add(rr).fma(delta, d.add(e).mul(tr));
            FloatVector share = tt.fma(delta, d.mul(tr)).div(den);
            height.fma(share, bottom).intoArray(s, y + i);
            FloatVector num = tr.mul(delta).mul(2f).add(e.mul(tt)).add(d.mul(rr));
            num.intoArray(s, y + stride + i);
            delta.div(den).intoArray(s, y + stride + n + i);
        }
    }

    /** The inverse of {@link #up}: the searched axis is that of the heights. */
    static void down(float[] s, int value, int bin, int slopes, float min, int stride, int n, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector bottom = FloatVector.fromArray(S, s, bin + stride + i);
            FloatVector height = FloatVector.fromArray(S, s, bin + 2 * stride + i);
            FloatVector x = FloatVector.fromArray(S, s, bin + 3 * stride + i);
            FloatVector width = FloatVector.fromArray(S, s, bin + 4 * stride + i);
            FloatVector d = FloatVector.fromArray(S, s, slopes + i).add(min);
            FloatVector e = FloatVector.fromArray(S, s, slopes + n + i).add(min);
            FloatVector w = FloatVector.fromArray(S, s, value + i).sub(bottom).div(height);
            w = w.blend(0f, w.compare(VectorOperators.LT, 0f));
            w = w.blend(1f, w.compare(VectorOperators.GT, 1f));
            FloatVector one = FloatVector.broadcast(S, 1f);
            FloatVector v = one.sub(w);
            FloatVector delta = height.div(width);
            FloatVector q = d.mul(v).sub(e.mul(w));
            VectorMask<Float> rising = q.compare(VectorOperators.GE, 0f);
            FloatVector twice = delta.add(delta);
            FloatVector root = q.mul(q).add(twice.mul(twice).mul(w.mul(v))).sqrt();
            // of the two forms of the root the one that adds: t itself, or 1 - t
            FloatVector part = twice.mul(v.blend(w, rising));
            FloatVector ratio = part.div(q.abs().add(root).add(part));
            FloatVector rest = one.sub(ratio);
            FloatVector t = rest.blend(ratio, rising);
            FloatVector r = ratio.blend(rest, rising);
            width.fma(t, x).intoArray(s, y + i);
            FloatVector tr = t.mul(r);
            FloatVector tt = t.mul(t);
            FloatVector rr = r.mul(r);
            FloatVector den = tt.add(rr).fma(delta, d.add(e).mul(tr));
            FloatVector num = tr.mul(delta).mul(2f).add(e.mul(tt)).add(d.mul(rr));
            num.intoArray(s, y + stride + i);
            delta.div(den).intoArray(s, y + stride + n + i);
        }
    }

    /** y = sign (a + 2 b), b right behind a. */
    static void logSlope(float[] s, int a, int n, float sign, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector u = FloatVector.fromArray(S, s, a + i);
            FloatVector v = FloatVector.fromArray(S, s, a + n + i);
            u.add(v.add(v)).mul(sign).intoArray(s, y + i);
        }
    }

    /**
     * Cotangents of {@link #up} from those of value and log slope, two planes at dy. Writes seven planes from g on: that of
     * the value, those of lower end and size on the searched axis and on the other, and those of the two numbers that slopes
     * are made of; rates holds the derivatives of slopes by these, 2 n numbers.
     */
    static void upGradient(
            float[] s, int value, int bin, int slopes, int rates, float min, int dy, int stride, int n, int g) {
        for (int i = 0; i < n; i += L) {
            FloatVector x = FloatVector.fromArray(S, s, bin + stride + i);
            FloatVector width = FloatVector.fromArray(S, s, bin + 2 * stride + i);
            FloatVector height = FloatVector.fromArray(S, s, bin + 4 * stride + i);
            FloatVector d = FloatVector.fromArray(S, s, slopes + i).add(min);
            FloatVector e = FloatVector.fromArray(S, s, slopes + n + i).add(min);
            FloatVector t = FloatVector.fromArray(S, s, value + i).sub(x).div(width);
            t = t.blend(0f, t.compare(VectorOperators.LT, 0f));
            t = t.blend(1f, t.compare(VectorOperators.GT, 1f));
            FloatVector r = FloatVector.broadcast(S, 1f).sub(t);
            FloatVector perWidth = FloatVector.broadcast(S, 1f).div(width);
            FloatVector delta = height.mul(perWidth);
            FloatVector tr = t.mul(r);
            FloatVector tt = t.mul(t);
            FloatVector rr = r.mul(r);
            FloatVector squares = tt.add(rr);
            FloatVector den = squares.fma(delta, d.add(e).mul(tr));
            FloatVector num = tr.mul(delta).mul(2f).add(e.mul(tt)).add(d.mul(rr));
            FloatVector perDen = FloatVector.broadcast(S, 1f).div(den);
            FloatVector share = tt.fma(delta, d.mul(tr)).mul(perDen);
            FloatVector ofValue = FloatVector.fromArray(S, s, dy + i);
            FloatVector log = FloatVector.fromArray(S, s, dy + stride + i);
            FloatVector log2 = log.add(log);
            FloatVector ofNum = log.div(num);
            FloatVector ofTop = ofValue.mul(height).mul(perDen);
            FloatVector ofDen = ofTop.mul(share).add(log2.mul(perDen)).neg();
            FloatVector back = r.sub(t);
            FloatVector slopeOfNum = e.mul(t).sub(d.mul(r)).add(delta.mul(back));
            FloatVector slopeOfDen = d.add(e).sub(delta.add(delta)).mul(back);
            FloatVector slopeOfTop = delta.add(delta).mul(t).add(d.mul(back));
            FloatVector ofPlace = ofNum.mul(slopeOfNum).mul(2f);
            ofPlace = ofDen.fma(slopeOfDen, ofTop.fma(slopeOfTop, ofPlace));
            FloatVector ofDelta = ofTop.mul(tt).add(ofDen.mul(squares)).add(log2.div(delta));
            ofDelta = ofNum.mul(tr).fma(FloatVector.broadcast(S, 2f), ofDelta);
            FloatVector ofD = ofTop.add(ofDen).fma(tr, ofNum.mul(rr));
            FloatVector ofE = ofDen.fma(tr, ofNum.mul(tt));
            ofDelta = ofDelta.mul(perWidth);
            FloatVector ofX = ofPlace.mul(perWidth);
            ofX.intoArray(s, g + i);
            ofX.neg().intoArray(s, g + stride + i);
            ofX.mul(t).add(ofDelta.mul(delta)).neg().intoArray(s, g + 2 * stride + i);
            ofValue.intoArray(s, g + 3 * stride + i);
            ofValue.fma(share, ofDelta).intoArray(s, g + 4 * stride + i);
            ofD.mul(FloatVector.fromArray(S, s, rates + i)).intoArray(s, g + 5 * stride + i);
            ofE.mul(FloatVector.fromArray(S, s, rates + n + i)).intoArray(s, g + 6 * stride + i);
        }
    }

    /** The same of {@link #down}. With r(t) = w solved for t, dt = (dw - dr) / r'. */
    static void downGradient(
            float[] s, int value, int bin, int slopes, int rates, float min, int dy, int stride, int n, int g) {
        for (int i = 0; i < n; i += L) {
            FloatVector bottom = FloatVector.fromArray(S, s, bin + stride + i);
            FloatVector height = FloatVector.fromArray(S, s, bin + 2 * stride + i);
            FloatVector width = FloatVector.fromArray(S, s, bin + 4 * stride + i);
            FloatVector d = FloatVector.fromArray(S, s, slopes + i).add(min);
            FloatVector e = FloatVector.fromArray(S, s, slopes + n + i).add(min);
            FloatVector w = FloatVector.fromArray(S, s, value + i).sub(bottom).div(height);
            w = w.blend(0f, w.compare(VectorOperators.LT, 0f));
            w = w.blend(1f, w.compare(VectorOperators.GT, 1f));
            FloatVector one = FloatVector.broadcast(S, 1f);
            FloatVector v = one.sub(w);
            FloatVector perWidth = one.div(width);
            FloatVector delta = height.mul(perWidth);
            FloatVector q = d.mul(v).sub(e.mul(w));
            VectorMask<Float> rising = q.compare(VectorOperators.GE, 0f);
            FloatVector twice = delta.add(delta);
            FloatVector root = q.mul(q).add(twice.mul(twice).mul(w.mul(v))).sqrt();
            FloatVector part = twice.mul(v.blend(w, rising));
            FloatVector ratio = part.div(q.abs().add(root).add(part));
            FloatVector rest = one.sub(ratio);
            FloatVector t = rest.blend(ratio, rising);
            FloatVector r = ratio.blend(rest, rising);
            FloatVector tr = t.mul(r);
            FloatVector tt = t.mul(t);
            FloatVector rr = r.mul(r);
            FloatVector squares = tt.add(rr);
            FloatVector den = squares.fma(delta, d.add(e).mul(tr));
            FloatVector num = tr.mul(delta).mul(2f).add(e.mul(tt)).add(d.mul(rr));
            FloatVector ofValue = FloatVector.fromArray(S, s, dy + i);
            FloatVector log = FloatVector.fromArray(S, s, dy + stride + i).neg();
            FloatVector log2 = log.add(log);
            FloatVector perBoth = one.div(num.mul(delta));
            FloatVector ofNum = log.mul(delta).mul(perBoth);
            FloatVector ofDen = log2.neg().div(den);
            FloatVector back = r.sub(t);
            FloatVector slopeOfNum = e.mul(t).sub(d.mul(r)).add(delta.mul(back));
            FloatVector slopeOfDen = d.add(e).sub(twice).mul(back);
            FloatVector ofPlace = ofNum.mul(slopeOfNum).mul(2f);
            ofPlace = ofDen.fma(slopeOfDen, ofValue.fma(width, ofPlace));
            // over r' = num delta / den^2, and once more over den for what is added below
            FloatVector ofTop = ofPlace.mul(den).mul(perBoth).neg();
            FloatVector ofShare = ofTop.mul(den).neg();
            ofDen = ofDen.sub(ofTop.mul(w));
            FloatVector ofDelta =
                    ofTop.mul(tt).add(ofDen.mul(squares)).add(log2.mul(num).mul(perBoth));
            ofDelta = ofNum.mul(tr).fma(FloatVector.broadcast(S, 2f), ofDelta);
            FloatVector ofD = ofTop.add(ofDen).fma(tr, ofNum.mul(rr));
            FloatVector ofE = ofDen.fma(tr, ofNum.mul(tt));
            ofDelta = ofDelta.mul(perWidth);
            FloatVector ofY = ofShare.div(height);
            ofY.intoArray(s, g + i);
            ofY.neg().intoArray(s, g + stride + i);
            ofDelta.sub(ofY.mul(w)).intoArray(s, g + 2 * stride + i);
            ofValue.intoArray(s, g + 3 * stride + i);
            ofValue.mul(t).sub(ofDelta.mul(delta)).intoArray(s, g + 4 * stride + i);
            ofD.mul(FloatVector.fromArray(S, s, rates + i)).intoArray(s, g + 5 * stride + i);
            ofE.mul(FloatVector.fromArray(S, s, rates + n + i)).intoArray(s, g + 6 * stride + i);
        }
    }

    /**
     * Exponentials of one axis, count planes from x on, become cotangents of the numbers they were made of. Two planes at g
     * hold the cotangents of the bin's lower end and size, two at sums the sums of exponentials up to it and through it,
     * plane factor what the exponentials are multiplied with, total times their share.
     */
    static void ofBins(
            float[] s,
            int x,
            int stride,
            int count,
            int n,
            int bin,
            int g,
            int sums,
            int factor,
            float scale,
            float total) {
        float lastBin = count - 1;
        for (int i = 0; i < n; i += L) {
            FloatVector b = FloatVector.fromArray(S, s, bin + i);
            FloatVector f = FloatVector.fromArray(S, s, factor + i);
            FloatVector share = f.div(total);
            FloatVector low = FloatVector.fromArray(S, s, sums + i).mul(share);
            FloatVector high = FloatVector.fromArray(S, s, sums + stride + i).mul(share);
            high = high.blend(1f, b.compare(VectorOperators.GE, lastBin));
            f = f.mul(scale);
            FloatVector ofHigh = FloatVector.fromArray(S, s, g + stride + i);
            FloatVector ofLow = FloatVector.fromArray(S, s, g + i).sub(ofHigh).mul(f);
            ofHigh = ofHigh.mul(f);
            FloatVector one = FloatVector.broadcast(S, 1f);
            // for numbers above the bin, in it and below it
            FloatVector none = ofLow.mul(low).add(ofHigh.mul(high)).neg();
            FloatVector own = ofHigh.mul(one.sub(high)).sub(ofLow.mul(low));
            FloatVector both = ofLow.mul(one.sub(low)).add(ofHigh.mul(one.sub(high)));
            for (int k = 0; k < count; k++) {
                float number = k;
                FloatVector c = none.blend(own, b.compare(VectorOperators.GE, number));
                c = c.blend(both, b.compare(VectorOperators.GT, number));
                FloatVector e = FloatVector.fromArray(S, s, x + k * stride + i);
                e.mul(c).intoArray(s, x + k * stride + i);
            }
        }
    }

    /** Cotangents of bins + 1 slopes to as many planes from y on: two planes at g hold those of the bin's ends. */
    static void ofSlopes(float[] s, int bin, int g, int stride, int bins, int n, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector b = FloatVector.fromArray(S, s, bin + i);
            FloatVector d = FloatVector.fromArray(S, s, g + i);
            FloatVector e = FloatVector.fromArray(S, s, g + stride + i);
            FloatVector zero = FloatVector.zero(S);
            for (int k = 0; k <= bins; k++) {
                float number = k;
                FloatVector v = zero.blend(d, b.compare(VectorOperators.EQ, number));
                v = v.blend(e, b.compare(VectorOperators.EQ, number - 1));
                v.intoArray(s, y + k * stride + i);
            }
        }
    }

    /** Plane y += plane x. */
    static void add(float[] s, int x, int n, int y) {
        for (int i = 0; i < n; i += L) {
            FloatVector v = FloatVector.fromArray(S, s, x + i);
            v.add(FloatVector.fromArray(S, s, y + i)).intoArray(s, y + i);
        }
    }
}
