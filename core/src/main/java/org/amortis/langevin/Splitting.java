package org.amortis.langevin;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.amortis.array.PlanException;
import org.amortis.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * An underdamped step as a word of three letters: O refreshes the momentum, B kicks it by the score, A moves by it. B and
 * A keep volumes and are undone exactly, so that the ratio of a step is that of its refreshments alone: OBAB, OBABO,
 * BAOAB and the half-step scheme ABAO are one program.
 */
record Splitting(List<Part> parts, boolean exact) implements Transition {
    /** What a part does. */
    enum Letter {
        O,
        B,
        A
    }

    /**
     * One part.
     *
     * @param letter what it does
     * @param fraction of the step size
     * @param end whether the step's last move is behind it, so that the control belongs to the next time
     */
    record Part(Letter letter, double fraction, boolean end) {}

    Splitting {
        parts = List.copyOf(parts);
    }

    /** A word in which each letter has one step size, shared by its occurrences. */
    static Splitting of(String word, boolean exact) {
        return repeated(word, 1, exact);
    }

    /** A word whose B and A parts are run several times, as in several leapfrog steps. */
    static Splitting repeated(String word, int leapfrog, boolean exact) {
        if (leapfrog < 1) {
            throw new PlanException("splitting(leapfrog=" + leapfrog + "): at least 1");
        }
        List<Letter> letters = new ArrayList<>();
        for (int i = 0; i < word.length(); i++) {
            letters.add(Letter.valueOf(word.substring(i, i + 1)));
        }
        int first = 0;
        while (letters.get(first) == Letter.O) {
            first++;
        }
        int last = letters.size();
        while (letters.get(last - 1) == Letter.O) {
            last--;
        }
        List<Letter> all = new ArrayList<>(letters.subList(0, first));
        for (int i = 0; i < leapfrog; i++) {
            all.addAll(letters.subList(first, last));
        }
        all.addAll(letters.subList(last, letters.size()));
        int lastMove = all.lastIndexOf(Letter.A);
        List<Part> parts = new ArrayList<>();
        for (int i = 0; i < all.size(); i++) {
            Letter l = all.get(i);
            parts.add(new Part(l, 1.0 / Collections.frequency(letters, l), i > lastMove));
        }
        return new Splitting(parts, exact);
    }

    @Override
    public boolean momentum() {
        return true;
    }

    @Override
    public int draws() {
        return (int) parts.stream().filter(p -> p.letter() == Letter.O).count();
    }

    @Override
    public boolean carriesScore(Path path) {
        if (!path.forward().usesTarget()) {
            return false;
        }
        for (Part p : parts) {
            if (p.letter() != Letter.O) {
                return p.letter() == Letter.B;
            }
        }
        return false;
    }

    private Refresh refresh(Frame frame, Part p) {
        Tensor eta = frame.damping().mul(p.fraction() == 1 ? frame.d : frame.d.mul(p.fraction()));
        return exact ? Refresh.exact(eta) : Refresh.euler(eta);
    }

    private static Tensor momentum(@Nullable Tensor v) {
        if (v == null) {
            throw new IllegalStateException("no momentum");
        }
        return v;
    }

    private static Tensor kicked(Frame frame, Part p, Point at, Tensor v, double sign) {
        Tensor f = frame.forwardDrift(at);
        return f == null ? v : v.add(frame.d.mul(sign * p.fraction()).mul(f));
    }

    private static Point moved(Frame frame, Part p, Point at, Tensor v, double sign) {
        Tensor mass = frame.mass();
        return at.moved(at.x().add(frame.d.mul(sign * p.fraction()).mul(mass == null ? v : v.div(mass))));
    }

    @Override
    public Moved forward(Frame frame, Point at, @Nullable Tensor v, @Nullable Tensor control, Source source) {
        Point x = at;
        Tensor w = momentum(v);
        Tensor ratio = null;
        Tensor logForward = null;
        for (Part p : parts) {
            switch (p.letter()) {
                case A -> x = moved(frame, p, x, w, 1);
                case B -> w = kicked(frame, p, x, w, 1);
                case O -> {
                    Refresh o = refresh(frame, p);
                    Tensor u = frame.forwardControl(x, w, p.end());
                    Tensor next;
                    Tensor more;
                    if (source.isRecorded()) {
                        next = source.recall();
                        Tensor r = frame.backwardControl(x, next, p.end());
                        Tensor f = o.logDensity(next, w, u, frame.mass());
                        logForward = Terms.sum(logForward, f);
                        more = o.logDensity(w, next, r, frame.mass()).sub(f);
                    } else {
                        Tensor noise = source.noise(w.shape());
                        next = source.made(o.draw(w, u, frame.mass(), noise));
                        Tensor r = frame.backwardControl(x, next, p.end());
                        more = o.ratio(w, u, r, frame.mass(), noise);
                    }
                    ratio = Terms.sum(ratio, more);
                    w = next;
                }
            }
        }
        return new Moved(x, w, ratio, logForward, null);
    }

    @Override
    public Moved backward(Frame frame, Point at, @Nullable Tensor v, Noise noise) {
        Point x = at;
        Tensor w = momentum(v);
        Tensor ratio = null;
        int draw = 0;
        for (Part p : parts.reversed()) {
            switch (p.letter()) {
                case A -> x = moved(frame, p, x, w, -1);
                case B -> w = kicked(frame, p, x, w, -1);
                case O -> {
                    Refresh o = refresh(frame, p);
                    Tensor r = frame.backwardControl(x, w, p.end());
                    Tensor e = noise.step(frame.k, draw++, w.shape());
                    Tensor before = o.draw(w, r, frame.mass(), e);
                    Tensor u = frame.forwardControl(x, before, p.end());
                    ratio = Terms.sum(ratio, o.ratio(w, r, u, frame.mass(), e).neg());
                    w = before;
                }
            }
        }
        return new Moved(x, w, ratio, null, null);
    }
}
