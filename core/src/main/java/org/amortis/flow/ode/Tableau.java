package org.amortis.flow.ode;

import java.util.List;

/**
 * The numbers of an explicit Runge-Kutta method: stage i is the slope at time t + c(i) h and state y + h sum a(i, j) k(j),
 * the step ends at y + h sum b(i) k(i), and h sum e(i) k(i) estimates its error. Of the entries of {@link #all}, orders
 * and error estimates are tested.
 */
public final class Tableau {
    /** Euler's method, order 1. */
    public static final Tableau EULER =
            new Tableau("Euler", 1, 0, new double[][] {{}}, new double[] {1}, new double[] {});

    /** The midpoint method, order 2. */
    public static final Tableau MIDPOINT =
            new Tableau("midpoint", 2, 0, new double[][] {{}, {0.5}}, new double[] {0, 1}, new double[] {});

    /** The classical method of Kutta (1901), order 4. */
    public static final Tableau RK4 = new Tableau(
            "RK4",
            4,
            0,
            new double[][] {{}, {0.5}, {0, 0.5}, {0, 0, 1}},
            new double[] {1.0 / 6, 1.0 / 3, 1.0 / 3, 1.0 / 6},
            new double[] {});

    /** Bogacki and Shampine (1989), order 3 with an estimate of order 2, last stage first. */
    public static final Tableau BOGACKI_SHAMPINE = new Tableau(
            "Bogacki-Shampine",
            3,
            2,
            new double[][] {{}, {0.5}, {0, 0.75}, {2.0 / 9, 1.0 / 3, 4.0 / 9}},
            new double[] {2.0 / 9, 1.0 / 3, 4.0 / 9, 0},
            new double[] {2.0 / 9 - 7.0 / 24, 1.0 / 3 - 0.25, 4.0 / 9 - 1.0 / 3, -0.125});

    /** Dormand and Prince (1980), order 5 with an estimate of order 4, last stage first. */
    public static final Tableau DORMAND_PRINCE = new Tableau(
            "Dormand-Prince",
            5,
            4,
            new double[][] {
                {},
                {1.0 / 5},
                {3.0 / 40, 9.0 / 40},
                {44.0 / 45, -56.0 / 15, 32.0 / 9},
                {19372.0 / 6561, -25360.0 / 2187, 64448.0 / 6561, -212.0 / 729},
                {9017.0 / 3168, -355.0 / 33, 46732.0 / 5247, 49.0 / 176, -5103.0 / 18656},
                {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84}
            },
            new double[] {35.0 / 384, 0, 500.0 / 1113, 125.0 / 192, -2187.0 / 6784, 11.0 / 84, 0},
            new double[] {
                35.0 / 384 - 5179.0 / 57600,
                0,
                500.0 / 1113 - 7571.0 / 16695,
                125.0 / 192 - 393.0 / 640,
                -2187.0 / 6784 + 92097.0 / 339200,
                11.0 / 84 - 187.0 / 2100,
                -1.0 / 40
            });

    /** Tsitouras (2011), order 5 with an estimate of order 4, last stage first. */
    public static final Tableau TSITOURAS = new Tableau(
            "Tsitouras",
            5,
            4,
            new double[][] {
                {},
                {0.161},
                {-0.008480655492356989, 0.335480655492357},
                {2.8971530571054935, -6.359448489975075, 4.3622954328695815},
                {5.325864828439257, -11.748883564062828, 7.4955393428898365, -0.09249506636175525},
                {5.86145544294642, -12.92096931784711, 8.159367898576159, -0.071584973281401, -0.028269050394068383},
                {0.09646076681806523, 0.01, 0.4798896504144996, 1.379008574103742, -3.290069515436081, 2.324710524099774
                }
            },
            new double[] {
                0.09646076681806523,
                0.01,
                0.4798896504144996,
                1.379008574103742,
                -3.290069515436081,
                2.324710524099774,
                0
            },
            new double[] {
                -0.00178001105222577714,
                -0.0008164344596567469,
                0.007880878010261995,
                -0.1447110071732629,
                0.5823571654525552,
                -0.45808210592918697,
                1.0 / 66
            });

    private final String name;
    private final int order;
    private final int errorOrder;
    private final double[][] a;
    private final double[] b;
    private final double[] e;
    private final double[] c;

    private Tableau(String name, int order, int errorOrder, double[][] a, double[] b, double[] e) {
        this.name = name;
        this.order = order;
        this.errorOrder = errorOrder;
        this.a = a;
        this.b = b;
        this.e = e;
        this.c = new double[a.length];
        for (int i = 0; i < a.length; i++) {
            for (double x : a[i]) {
                c[i] += x;
            }
        }
    }

    /**
     * All there are.
     *
     * @return tableaus
     */
    public static List<Tableau> all() {
        return List.of(EULER, MIDPOINT, RK4, BOGACKI_SHAMPINE, DORMAND_PRINCE, TSITOURAS);
    }

    /**
     * Power of the step size in the error at the end of an interval.
     *
     * @return order
     */
    public int order() {
        return order;
    }

    /**
     * Order of the method within the method whose difference estimates the error.
     *
     * @return order; 0 if there is none
     */
    public int errorOrder() {
        return errorOrder;
    }

    /**
     * Number of stages.
     *
     * @return stages, with the one that the next step begins with
     */
    public int stages() {
        return b.length;
    }

    /**
     * Whether steps have an estimate of their error.
     *
     * @return true of embedded pairs
     */
    public boolean embedded() {
        return errorOrder > 0;
    }

    /** Whether the last stage is the first of the next step: its row of a is b. Then it is not needed without control. */
    boolean lastIsFirst() {
        return embedded();
    }

    double c(int i) {
        return c[i];
    }

    double a(int i, int j) {
        return a[i][j];
    }

    double b(int i) {
        return b[i];
    }

    double e(int i) {
        return e[i];
    }

    @Override
    public String toString() {
        return name;
    }
}
