package org.amortis.kernels;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/**
 * Written by Generate from src/generator/formulas; edit that.
 *
 * <p>Steps of a spline over a block of elements whose numbers lie as planes: lanes are elements. Planes are an even number of
 * vectors long; what lies behind the elements is computed along. No masked loads or stores.
 */
final class DoubleSplineSteps {
    private static final VectorSpecies<Double> S = Species.F64;
    private static final int L = S.length();

    private DoubleSplineSteps() {}

    /** count planes from x on become exponentials of their numbers less the largest; factor = total / their sum. */
    static void exponentials(double[] s, int x, int stride, int count, int n, double scale, double total, int factor) {
        for (int i = 0; i < n; i += 2 * L) {
            DoubleVector max = DoubleVector.fromArray(S, s, x + i);
            DoubleVector max2 = DoubleVector.fromArray(S, s, x + i + L);
            for (int k = 1; k < count; k++) {
                DoubleVector v = DoubleVector.fromArray(S, s, x + k * stride + i);
                DoubleVector w = DoubleVector.fromArray(S, s, x + k * stride + i + L);
                max = max.blend(v, v.compare(VectorOperators.GT, max));
                max2 = max2.blend(w, w.compare(VectorOperators.GT, max2));
            }
            DoubleVector sum = DoubleVector.zero(S);
            DoubleVector sum2 = sum;
            for (int k = 0; k < count; k++) {
                DoubleVector v = DoubleVector.fromArray(S, s, x + k * stride + i);
                DoubleVector w = DoubleVector.fromArray(S, s, x + k * stride + i + L);
                v = v.sub(max).mul(scale);
                w = w.sub(max2).mul(scale);
                DoubleVector k1 =
                        v.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n2 = k1.sub(0x1.8p52);
                DoubleVector r3 = n2.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n2.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), v));
                DoubleVector r24 = r3.mul(r3);
                DoubleVector a5 =
                        r3.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
                DoubleVector b6 = r3.fma(
                        DoubleVector.broadcast(S, 0x1.11111111109a6p-7),
                        DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                DoubleVector c7 = r3.fma(
                        DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13),
                        DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                DoubleVector d8 = r3.fma(
                        DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19),
                        DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                DoubleVector e9 = r3.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                DoubleVector expTail10 = r24.fma(r24.fma(r24.fma(r24.fma(e9, d8), c7), b6), a5);
                DoubleVector p11 = r3.mul(r3).fma(expTail10, r3).add(1);
                LongVector scaled12 =
                        p11.reinterpretAsLongs().add(k1.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
                VectorMask<Double> ordinary13 =
                        v.compare(VectorOperators.GE, -708).and(v.compare(VectorOperators.LE, 0));
                DoubleVector special14 = v.blend(0, v.compare(VectorOperators.LT, -708));
                DoubleVector expOfNegative15 = special14.blend(scaled12.reinterpretAsDoubles(), ordinary13);
                DoubleVector e = expOfNegative15;
                DoubleVector k16 =
                        w.fma(DoubleVector.broadcast(S, 0x1.71547652b82fep+0), DoubleVector.broadcast(S, 0x1.8p52));
                DoubleVector n17 = k16.sub(0x1.8p52);
                DoubleVector r18 = n17.fma(
                        DoubleVector.broadcast(S, -0x1.a39ef35793c76p-33),
                        n17.fma(DoubleVector.broadcast(S, -0x1.62e42fee00000p-1), w));
                DoubleVector r219 = r18.mul(r18);
                DoubleVector a20 =
                        r18.fma(DoubleVector.broadcast(S, 0x1.5555555555556p-3), DoubleVector.broadcast(S, 0.5));
                DoubleVector b21 = r18.fma(
                        DoubleVector.broadcast(S, 0x1.11111111109a6p-7),
                        DoubleVector.broadcast(S, 0x1.5555555553d37p-5));
                DoubleVector c22 = r18.fma(
                        DoubleVector.broadcast(S, 0x1.a01a01a7cebcdp-13),
                        DoubleVector.broadcast(S, 0x1.6c16c1789d1d7p-10));
                DoubleVector d23 = r18.fma(
                        DoubleVector.broadcast(S, 0x1.71de0d85293b8p-19),
                        DoubleVector.broadcast(S, 0x1.a019b8ca26fcfp-16));
                DoubleVector e24 = r18.fma(
                        DoubleVector.broadcast(S, 0x1.af390ba7e6f47p-26),
                        DoubleVector.broadcast(S, 0x1.2891d4ffbb0f9p-22));
                DoubleVector expTail25 = r219.fma(r219.fma(r219.fma(r219.fma(e24, d23), c22), b21), a20);
                DoubleVector p26 = r18.mul(r18).fma(expTail25, r18).add(1);
                LongVector scaled27 =
                        p26.reinterpretAsLongs().add(k16.reinterpretAsLongs().lanewise(VectorOperators.LSHL, 52));
                VectorMask<Double> ordinary28 =
                        w.compare(VectorOperators.GE, -708).and(w.compare(VectorOperators.LE, 0));
                DoubleVector special29 = w.blend(0, w.compare(VectorOperators.LT, -708));
                DoubleVector expOfNegative30 = special29.blend(scaled27.reinterpretAsDoubles(), ordinary28);
                DoubleVector e2 = expOfNegative30;
                e.intoArray(s, x + k * stride + i);
                e2.intoArray(s, x + k * stride + i + L);
                sum = sum.add(e);
                sum2 = sum2.add(e2);
            }
            DoubleVector.broadcast(S, total).div(sum).intoArray(s, factor + i);
            DoubleVector.broadcast(S, total).div(sum2).intoArray(s, factor + i + L);
        }
    }

    /**
     * Finds the bin of each value among the knots of the searched axis. Writes nine planes from y on: the bin's number, its
     * lower end and size on the searched axis, the same on the other, sums of exponentials up to it and through it on the
     * searched axis, the same on the other. The numbers of the slopes at its ends plus an offset go to raw, 2 n numbers.
     */
    static void search(
            double[] s,
            int value,
            int searched,
            int other,
            int slopes,
            int stride,
            int bins,
            int n,
            double min,
            int factors,
            int y,
            int raw,
            double offset) {
        double lastBin = bins - 1;
        for (int i = 0; i < n; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, s, value + i);
            DoubleVector factor = DoubleVector.fromArray(S, s, factors + i);
            DoubleVector sum = DoubleVector.fromArray(S, s, searched + i);
            DoubleVector otherSum = DoubleVector.fromArray(S, s, other + i);
            DoubleVector bin = DoubleVector.zero(S);
            DoubleVector low = bin;
            DoubleVector otherLow = bin;
            DoubleVector high = sum;
            DoubleVector otherHigh = otherSum;
            DoubleVector d = DoubleVector.fromArray(S, s, slopes + i);
            DoubleVector next = DoubleVector.fromArray(S, s, slopes + stride + i);
            DoubleVector e = next;
            for (int k = 1; k < bins; k++) {
                int at = k * stride + i;
                double number = k;
                DoubleVector knot = sum.fma(factor, DoubleVector.broadcast(S, number * min));
                VectorMask<Double> reached = v.compare(VectorOperators.GE, knot);
                bin = bin.blend(number, reached);
                low = low.blend(sum, reached);
                otherLow = otherLow.blend(otherSum, reached);
                d = d.blend(next, reached);
                sum = sum.add(DoubleVector.fromArray(S, s, searched + at));
                otherSum = otherSum.add(DoubleVector.fromArray(S, s, other + at));
                next = DoubleVector.fromArray(S, s, slopes + stride + at);
                high = high.blend(sum, reached);
                otherHigh = otherHigh.blend(otherSum, reached);
                e = e.blend(next, reached);
            }
            DoubleVector otherFactor = DoubleVector.fromArray(S, s, factors + stride + i);
            VectorMask<Double> last = bin.compare(VectorOperators.GE, lastBin);
            DoubleVector lowMin = bin.mul(min);
            DoubleVector highMin = bin.add(1.0).mul(min);
            DoubleVector lower = low.fma(factor, lowMin);
            DoubleVector upper = high.fma(factor, highMin).blend(1.0, last);
            DoubleVector otherLower = otherLow.fma(otherFactor, lowMin);
            DoubleVector otherUpper = otherHigh.fma(otherFactor, highMin).blend(1.0, last);
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
    static void up(double[] s, int value, int bin, int slopes, double min, int stride, int n, int y) {
        for (int i = 0; i < n; i += L) {
            DoubleVector x = DoubleVector.fromArray(S, s, bin + stride + i);
            DoubleVector width = DoubleVector.fromArray(S, s, bin + 2 * stride + i);
            DoubleVector bottom = DoubleVector.fromArray(S, s, bin + 3 * stride + i);
            DoubleVector height = DoubleVector.fromArray(S, s, bin + 4 * stride + i);
            DoubleVector d = DoubleVector.fromArray(S, s, slopes + i).add(min);
            DoubleVector e = DoubleVector.fromArray(S, s, slopes + n + i).add(min);
            DoubleVector t = DoubleVector.fromArray(S, s, value + i).sub(x).div(width);
            t = t.blend(0.0, t.compare(VectorOperators.LT, 0.0));
            t = t.blend(1.0, t.compare(VectorOperators.GT, 1.0));
            DoubleVector r = DoubleVector.broadcast(S, 1.0).sub(t);
            DoubleVector delta = height.div(width);
            DoubleVector tr = t.mul(r);
            DoubleVector tt = t.mul(t);
            DoubleVector rr = r.mul(r);
            DoubleVector den = tt.add(rr).fma(delta, d.add(e).mul(tr));
            DoubleVector share = tt.fma(delta, d.mul(tr)).div(den);
            height.fma(share, bottom).intoArray(s, y + i);
            DoubleVector num = tr.mul(delta).mul(2.0).add(e.mul(tt)).add(d.mul(rr));
            num.intoArray(s, y + stride + i);
            delta.div(den).intoArray(s, y + stride + n + i);
        }
    }

    /** The inverse of {@link #up}: the searched axis is that of the heights. */
    static void down(double[] s, int value, int bin, int slopes, double min, int stride, int n, int y) {
        for (int i = 0; i < n; i += L) {
            DoubleVector bottom = DoubleVector.fromArray(S, s, bin + stride + i);
            DoubleVector height = DoubleVector.fromArray(S, s, bin + 2 * stride + i);
            DoubleVector x = DoubleVector.fromArray(S, s, bin + 3 * stride + i);
            DoubleVector width = DoubleVector.fromArray(S, s, bin + 4 * stride + i);
            DoubleVector d = DoubleVector.fromArray(S, s, slopes + i).add(min);
            DoubleVector e = DoubleVector.fromArray(S, s, slopes + n + i).add(min);
            DoubleVector w = DoubleVector.fromArray(S, s, value + i).sub(bottom).div(height);
            w = w.blend(0.0, w.compare(VectorOperators.LT, 0.0));
            w = w.blend(1.0, w.compare(VectorOperators.GT, 1.0));
            DoubleVector one = DoubleVector.broadcast(S, 1.0);
            DoubleVector v = one.sub(w);
            DoubleVector delta = height.div(width);
            DoubleVector q = d.mul(v).sub(e.mul(w));
            VectorMask<Double> rising = q.compare(VectorOperators.GE, 0.0);
            DoubleVector twice = delta.add(delta);
            DoubleVector root = q.mul(q).add(twice.mul(twice).mul(w.mul(v))).sqrt();
            // of the two forms of the root the one that adds: t itself, or 1 - t
            DoubleVector part = twice.mul(v.blend(w, rising));
            DoubleVector ratio = part.div(q.abs().add(root).add(part));
            DoubleVector rest = one.sub(ratio);
            DoubleVector t = rest.blend(ratio, rising);
            DoubleVector r = ratio.blend(rest, rising);
            width.fma(t, x).intoArray(s, y + i);
            DoubleVector tr = t.mul(r);
            DoubleVector tt = t.mul(t);
            DoubleVector rr = r.mul(r);
            DoubleVector den = tt.add(rr).fma(delta, d.add(e).mul(tr));
            DoubleVector num = tr.mul(delta).mul(2.0).add(e.mul(tt)).add(d.mul(rr));
            num.intoArray(s, y + stride + i);
            delta.div(den).intoArray(s, y + stride + n + i);
        }
    }

    /** y = sign (a + 2 b), b right behind a. */
    static void logSlope(double[] s, int a, int n, double sign, int y) {
        for (int i = 0; i < n; i += L) {
            DoubleVector u = DoubleVector.fromArray(S, s, a + i);
            DoubleVector v = DoubleVector.fromArray(S, s, a + n + i);
            u.add(v.add(v)).mul(sign).intoArray(s, y + i);
        }
    }

    /**
     * Cotangents of {@link #up} from those of value and log slope, two planes at dy. Writes seven planes from g on: that of
     * the value, those of lower end and size on the searched axis and on the other, and those of the two numbers that slopes
     * are made of; rates holds the derivatives of slopes by these, 2 n numbers.
     */
    static void upGradient(
            double[] s, int value, int bin, int slopes, int rates, double min, int dy, int stride, int n, int g) {
        for (int i = 0; i < n; i += L) {
            DoubleVector x = DoubleVector.fromArray(S, s, bin + stride + i);
            DoubleVector width = DoubleVector.fromArray(S, s, bin + 2 * stride + i);
            DoubleVector height = DoubleVector.fromArray(S, s, bin + 4 * stride + i);
            DoubleVector d = DoubleVector.fromArray(S, s, slopes + i).add(min);
            DoubleVector e = DoubleVector.fromArray(S, s, slopes + n + i).add(min);
            DoubleVector t = DoubleVector.fromArray(S, s, value + i).sub(x).div(width);
            t = t.blend(0.0, t.compare(VectorOperators.LT, 0.0));
            t = t.blend(1.0, t.compare(VectorOperators.GT, 1.0));
            DoubleVector r = DoubleVector.broadcast(S, 1.0).sub(t);
            DoubleVector perWidth = DoubleVector.broadcast(S, 1.0).div(width);
            DoubleVector delta = height.mul(perWidth);
            DoubleVector tr = t.mul(r);
            DoubleVector tt = t.mul(t);
            DoubleVector rr = r.mul(r);
            DoubleVector squares = tt.add(rr);
            DoubleVector den = squares.fma(delta, d.add(e).mul(tr));
            DoubleVector num = tr.mul(delta).mul(2.0).add(e.mul(tt)).add(d.mul(rr));
            DoubleVector perDen = DoubleVector.broadcast(S, 1.0).div(den);
            DoubleVector share = tt.fma(delta, d.mul(tr)).mul(perDen);
            DoubleVector ofValue = DoubleVector.fromArray(S, s, dy + i);
            DoubleVector log = DoubleVector.fromArray(S, s, dy + stride + i);
            DoubleVector log2 = log.add(log);
            DoubleVector ofNum = log.div(num);
            DoubleVector ofTop = ofValue.mul(height).mul(perDen);
            DoubleVector ofDen = ofTop.mul(share).add(log2.mul(perDen)).neg();
            DoubleVector back = r.sub(t);
            DoubleVector slopeOfNum = e.mul(t).sub(d.mul(r)).add(delta.mul(back));
            DoubleVector slopeOfDen = d.add(e).sub(delta.add(delta)).mul(back);
            DoubleVector slopeOfTop = delta.add(delta).mul(t).add(d.mul(back));
            DoubleVector ofPlace = ofNum.mul(slopeOfNum).mul(2.0);
            ofPlace = ofDen.fma(slopeOfDen, ofTop.fma(slopeOfTop, ofPlace));
            DoubleVector ofDelta = ofTop.mul(tt).add(ofDen.mul(squares)).add(log2.div(delta));
            ofDelta = ofNum.mul(tr).fma(DoubleVector.broadcast(S, 2.0), ofDelta);
            DoubleVector ofD = ofTop.add(ofDen).fma(tr, ofNum.mul(rr));
            DoubleVector ofE = ofDen.fma(tr, ofNum.mul(tt));
            ofDelta = ofDelta.mul(perWidth);
            DoubleVector ofX = ofPlace.mul(perWidth);
            ofX.intoArray(s, g + i);
            ofX.neg().intoArray(s, g + stride + i);
            ofX.mul(t).add(ofDelta.mul(delta)).neg().intoArray(s, g + 2 * stride + i);
            ofValue.intoArray(s, g + 3 * stride + i);
            ofValue.fma(share, ofDelta).intoArray(s, g + 4 * stride + i);
            ofD.mul(DoubleVector.fromArray(S, s, rates + i)).intoArray(s, g + 5 * stride + i);
            ofE.mul(DoubleVector.fromArray(S, s, rates + n + i)).intoArray(s, g + 6 * stride + i);
        }
    }

    /** The same of {@link #down}. With r(t) = w solved for t, dt = (dw - dr) / r'. */
    static void downGradient(
            double[] s, int value, int bin, int slopes, int rates, double min, int dy, int stride, int n, int g) {
        for (int i = 0; i < n; i += L) {
            DoubleVector bottom = DoubleVector.fromArray(S, s, bin + stride + i);
            DoubleVector height = DoubleVector.fromArray(S, s, bin + 2 * stride + i);
            DoubleVector width = DoubleVector.fromArray(S, s, bin + 4 * stride + i);
            DoubleVector d = DoubleVector.fromArray(S, s, slopes + i).add(min);
            DoubleVector e = DoubleVector.fromArray(S, s, slopes + n + i).add(min);
            DoubleVector w = DoubleVector.fromArray(S, s, value + i).sub(bottom).div(height);
            w = w.blend(0.0, w.compare(VectorOperators.LT, 0.0));
            w = w.blend(1.0, w.compare(VectorOperators.GT, 1.0));
            DoubleVector one = DoubleVector.broadcast(S, 1.0);
            DoubleVector v = one.sub(w);
            DoubleVector perWidth = one.div(width);
            DoubleVector delta = height.mul(perWidth);
            DoubleVector q = d.mul(v).sub(e.mul(w));
            VectorMask<Double> rising = q.compare(VectorOperators.GE, 0.0);
            DoubleVector twice = delta.add(delta);
            DoubleVector root = q.mul(q).add(twice.mul(twice).mul(w.mul(v))).sqrt();
            DoubleVector part = twice.mul(v.blend(w, rising));
            DoubleVector ratio = part.div(q.abs().add(root).add(part));
            DoubleVector rest = one.sub(ratio);
            DoubleVector t = rest.blend(ratio, rising);
            DoubleVector r = ratio.blend(rest, rising);
            DoubleVector tr = t.mul(r);
            DoubleVector tt = t.mul(t);
            DoubleVector rr = r.mul(r);
            DoubleVector squares = tt.add(rr);
            DoubleVector den = squares.fma(delta, d.add(e).mul(tr));
            DoubleVector num = tr.mul(delta).mul(2.0).add(e.mul(tt)).add(d.mul(rr));
            DoubleVector ofValue = DoubleVector.fromArray(S, s, dy + i);
            DoubleVector log = DoubleVector.fromArray(S, s, dy + stride + i).neg();
            DoubleVector log2 = log.add(log);
            DoubleVector perBoth = one.div(num.mul(delta));
            DoubleVector ofNum = log.mul(delta).mul(perBoth);
            DoubleVector ofDen = log2.neg().div(den);
            DoubleVector back = r.sub(t);
            DoubleVector slopeOfNum = e.mul(t).sub(d.mul(r)).add(delta.mul(back));
            DoubleVector slopeOfDen = d.add(e).sub(twice).mul(back);
            DoubleVector ofPlace = ofNum.mul(slopeOfNum).mul(2.0);
            ofPlace = ofDen.fma(slopeOfDen, ofValue.fma(width, ofPlace));
            // over r' = num delta / den^2, and once more over den for what is added below
            DoubleVector ofTop = ofPlace.mul(den).mul(perBoth).neg();
            DoubleVector ofShare = ofTop.mul(den).neg();
            ofDen = ofDen.sub(ofTop.mul(w));
            DoubleVector ofDelta =
                    ofTop.mul(tt).add(ofDen.mul(squares)).add(log2.mul(num).mul(perBoth));
            ofDelta = ofNum.mul(tr).fma(DoubleVector.broadcast(S, 2.0), ofDelta);
            DoubleVector ofD = ofTop.add(ofDen).fma(tr, ofNum.mul(rr));
            DoubleVector ofE = ofDen.fma(tr, ofNum.mul(tt));
            ofDelta = ofDelta.mul(perWidth);
            DoubleVector ofY = ofShare.div(height);
            ofY.intoArray(s, g + i);
            ofY.neg().intoArray(s, g + stride + i);
            ofDelta.sub(ofY.mul(w)).intoArray(s, g + 2 * stride + i);
            ofValue.intoArray(s, g + 3 * stride + i);
            ofValue.mul(t).sub(ofDelta.mul(delta)).intoArray(s, g + 4 * stride + i);
            ofD.mul(DoubleVector.fromArray(S, s, rates + i)).intoArray(s, g + 5 * stride + i);
            ofE.mul(DoubleVector.fromArray(S, s, rates + n + i)).intoArray(s, g + 6 * stride + i);
        }
    }

    /**
     * Exponentials of one axis, count planes from x on, become cotangents of the numbers they were made of. Two planes at g
     * hold the cotangents of the bin's lower end and size, two at sums the sums of exponentials up to it and through it,
     * plane factor what the exponentials are multiplied with, total times their share.
     */
    static void ofBins(
            double[] s,
            int x,
            int stride,
            int count,
            int n,
            int bin,
            int g,
            int sums,
            int factor,
            double scale,
            double total) {
        double lastBin = count - 1;
        for (int i = 0; i < n; i += L) {
            DoubleVector b = DoubleVector.fromArray(S, s, bin + i);
            DoubleVector f = DoubleVector.fromArray(S, s, factor + i);
            DoubleVector share = f.div(total);
            DoubleVector low = DoubleVector.fromArray(S, s, sums + i).mul(share);
            DoubleVector high = DoubleVector.fromArray(S, s, sums + stride + i).mul(share);
            high = high.blend(1.0, b.compare(VectorOperators.GE, lastBin));
            f = f.mul(scale);
            DoubleVector ofHigh = DoubleVector.fromArray(S, s, g + stride + i);
            DoubleVector ofLow = DoubleVector.fromArray(S, s, g + i).sub(ofHigh).mul(f);
            ofHigh = ofHigh.mul(f);
            DoubleVector one = DoubleVector.broadcast(S, 1.0);
            // for numbers above the bin, in it and below it
            DoubleVector none = ofLow.mul(low).add(ofHigh.mul(high)).neg();
            DoubleVector own = ofHigh.mul(one.sub(high)).sub(ofLow.mul(low));
            DoubleVector both = ofLow.mul(one.sub(low)).add(ofHigh.mul(one.sub(high)));
            for (int k = 0; k < count; k++) {
                double number = k;
                DoubleVector c = none.blend(own, b.compare(VectorOperators.GE, number));
                c = c.blend(both, b.compare(VectorOperators.GT, number));
                DoubleVector e = DoubleVector.fromArray(S, s, x + k * stride + i);
                e.mul(c).intoArray(s, x + k * stride + i);
            }
        }
    }

    /** Cotangents of bins + 1 slopes to as many planes from y on: two planes at g hold those of the bin's ends. */
    static void ofSlopes(double[] s, int bin, int g, int stride, int bins, int n, int y) {
        for (int i = 0; i < n; i += L) {
            DoubleVector b = DoubleVector.fromArray(S, s, bin + i);
            DoubleVector d = DoubleVector.fromArray(S, s, g + i);
            DoubleVector e = DoubleVector.fromArray(S, s, g + stride + i);
            DoubleVector zero = DoubleVector.zero(S);
            for (int k = 0; k <= bins; k++) {
                double number = k;
                DoubleVector v = zero.blend(d, b.compare(VectorOperators.EQ, number));
                v = v.blend(e, b.compare(VectorOperators.EQ, number - 1));
                v.intoArray(s, y + k * stride + i);
            }
        }
    }

    /** Plane y += plane x. */
    static void add(double[] s, int x, int n, int y) {
        for (int i = 0; i < n; i += L) {
            DoubleVector v = DoubleVector.fromArray(S, s, x + i);
            v.add(DoubleVector.fromArray(S, s, y + i)).intoArray(s, y + i);
        }
    }
}
