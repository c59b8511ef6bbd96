package org.amortis.dist;

import static org.amortis.testing.Formulas.eval;
import static org.amortis.testing.Formulas.f64;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import org.amortis.array.DType;
import org.amortis.array.PlanException;
import org.amortis.array.Shape;
import org.amortis.array.ShapeException;
import org.amortis.tensor.Key;
import org.amortis.tensor.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Continuous families against numbers made with mpmath: log densities at 40 digits from the textbook formulas, moments,
 * entropies and divergences by quadrature of those formulas.
 */
class ContinuousFamiliesTest {
    /** A distribution of float64 scalars, by name and parameters. */
    static Distribution make(String name, double... p) {
        return make(name, Arrays.stream(p).mapToObj(v -> f64(Shape.SCALAR, v)).toArray(Tensor[]::new));
    }

    static Distribution make(String name, Tensor... t) {
        return switch (name) {
            case "normal" -> Normal.ofMeanStd(t[0], t[1]);
            case "uniform" -> Uniform.of(t[0], t[1]);
            case "laplace" -> Laplace.ofLocationScale(t[0], t[1]);
            case "logistic" -> Logistic.ofLocationScale(t[0], t[1]);
            case "cauchy" -> Cauchy.ofLocationScale(t[0], t[1]);
            case "gumbel" -> Gumbel.ofLocationScale(t[0], t[1]);
            case "studentT" -> StudentT.of(t[0], t[1], t[2]);
            case "gamma" -> Gamma.ofShapeRate(t[0], t[1]);
            case "inverseGamma" -> InverseGamma.ofShapeScale(t[0], t[1]);
            case "beta" -> Beta.of(t[0], t[1]);
            case "exponential" -> Exponential.ofRate(t[0]);
            case "chi2" -> Chi2.ofDegrees(t[0]);
            case "halfNormal" -> HalfNormal.ofScale(t[0]);
            case "halfCauchy" -> HalfCauchy.ofScale(t[0]);
            case "weibull" -> Weibull.ofScaleShape(t[0], t[1]);
            case "logNormal" -> LogNormal.ofMeanStd(t[0], t[1]);
            case "truncatedNormal" -> TruncatedNormal.of(t[0], t[1], t[2], t[3]);
            case "vonMises" -> VonMises.of(t[0], t[1]);
            default -> throw new IllegalArgumentException(name);
        };
    }

    static double[] numbers(String list) {
        return Arrays.stream(list.trim().split(" "))
                .mapToDouble(Double::parseDouble)
                .toArray();
    }

    @ParameterizedTest
    @CsvSource({
        "laplace, 0.5 2, 0.3, -1.4862943611198906",
        "laplace, 0.5 2, -4, -3.6362943611198906",
        "laplace, 0 1e-06, 0.001, -986.87763662259567",
        "logistic, 0.5 2, 0.3, -2.0819405007070871",
        "logistic, 0.5 2, -40, -20.943147183770401",
        "cauchy, 0.5 2, 0.3, -1.8478273972625136",
        "cauchy, 0.5 2, 1000000000.0, -41.898114378182277",
        "gumbel, 0.5 2, 0.3, -1.6983180986355929",
        "gumbel, 0.5 2, -4, -7.930883016918471",
        "gumbel, 0.5 2, 60, -30.443147180560065",
        "studentT, 3.5 0.5 2, 0.3, -1.6890401770298617",
        "studentT, 3.5 0.5 2, -40, -12.419723559192495",
        "studentT, 1000000.0 0 1, 0.3, -0.96393882617967084",
        "studentT, 0.25 1 0.5, 1000000000000.0, -37.116303790178964",
        "gamma, 2.5 0.5, 0.3, -3.9735100283616864",
        "gamma, 2.5 0.5, 9, -3.2217139558684534",
        "gamma, 0.01 1, 1e-20, 40.991704963240083",
        "gamma, 0.01 1, 2, -7.2856955867963676",
        "gamma, 100000.0 2, 50100, -6.1839866538202462",
        "gamma, 100000.0 2, 49000, -26.232783963090496",
        "gamma, 11.999 1, 10, -2.1737317898045959",
        "gamma, 12.001 1, 10, -2.1740119429760437",
        "gamma, 12.001 1, 300, -254.75743954731067",
        "gamma, 12.001 1, 0.001, -93.49796637508603",
        "inverseGamma, 2.5 0.5, 0.3, 0.52968732660132687",
        "inverseGamma, 2.5 0.5, 9, -9.7633923981051058",
        "inverseGamma, 60 3, 0.05, 4.1225771454305416",
        "inverseGamma, 60 3, 0.01, -137.70171019608934",
        "beta, 2.5 0.75, 0.3, -1.2689523612997101",
        "beta, 2.5 0.75, 0.999, 2.1732761784496698",
        "beta, 0.01 0.02, 1e-09, 15.505719828858961",
        "beta, 0.01 0.02, 0.5, -3.6448134049948935",
        "beta, 1000 3000, 0.25, 4.0649842258572363",
        "beta, 1000 3000, 0.3, -20.705402126349495",
        "beta, 1000 3000, 0.01, -2378.9743867592351",
        "beta, 0.5 50000.0, 1e-05, 10.093991931798889",
        "beta, 20 20, 0.5, 1.6123990249665493",
        "exponential, 2, 0.3, 0.093147180559945309",
        "exponential, 2, 40, -79.306852819440055",
        "chi2, 3, 0.3, -1.6709249353676407",
        "chi2, 3, 9, -4.3203262445365631",
        "chi2, 500, 480, -4.5378261413948249",
        "halfNormal, 2, 0.3, -0.93018853320467274",
        "halfNormal, 2, 9, -11.043938533204673",
        "halfCauchy, 2, 0.3, -1.1669804947842199",
        "halfCauchy, 2, 100000000.0, -36.599797012634241",
        "weibull, 2 1.5, 0.3, -1.2943368150878328",
        "weibull, 2 1.5, 9, -9.0815849200820355",
        "weibull, 2 0.1, 1e-10, 18.25806272674269",
        "logNormal, 0.5 0.75, 0.3, -2.0081932723224176",
        "logNormal, 0.5 0.75, 1e-10, -469.57488284439489",
        "truncatedNormal, 0.5 2 -1 3, 0.3, -1.2132036628942888",
        "truncatedNormal, 0.5 2 -1 3, 3, -1.9894536628942888",
        "truncatedNormal, 0 1 -Infinity Infinity, 0.3, -0.96393853320467274",
        "truncatedNormal, 0 1 5 Infinity, 5, 1.646059860784053",
        "truncatedNormal, 0 1 5 Infinity, 5.5, -0.97894013921594701",
        "truncatedNormal, 0 1 5 Infinity, 9, -26.353940139215947",
        "truncatedNormal, 0 1 -Infinity -30, -30, 3.4023054231385244",
        "truncatedNormal, 0 1 -Infinity -30, -30.25, -4.1289445768614756",
        "truncatedNormal, 0 1 100 100.5, 100.001, 4.5052696610004159",
        "truncatedNormal, 0 1 100 100.5, 100.4, -35.474729838999584",
        "truncatedNormal, 0 1 -2000 -1000, -1000.25, -243.12349372102036",
        "truncatedNormal, 1 0.5 -Infinity 40, -3, -32.225791352644727",
        "truncatedNormal, 0 1 -0.001 0.002, 0.0, 5.8091434903138774",
        "truncatedNormal, 0 1 8 8.0001, 8.00005, 9.2103403457258496",
        "vonMises, 0.5 2, 0.3, -0.7017374522098185",
        "vonMises, 0.5 2, -3, -4.5347839824738944",
        "vonMises, 3 1e-06, 0.3, -1.8378779704817375",
        "vonMises, 1 30, 0.9, 0.62754645875949165",
        "vonMises, 1 30, -2, -58.922353397594645",
        "vonMises, -2 1000000.0, -2.001, 5.4888166624440671"
    })
    void logProb(String name, String parameters, double x, double gold) {
        double got = eval(make(name, numbers(parameters)).logProb(f64(x)))[0];
        // parameters of size 1e5 and z^2 of size 1e6 cost digits of the terms they are in
        assertEquals(gold, got, 2e-12 + 1e-13 * Math.abs(gold));
    }

    @ParameterizedTest
    @CsvSource({
        "laplace, 0.5 2, 0.5, 8.0, 2.3862943611199",
        "logistic, 0.5 2, 0.5, 13.159472534786, 2.6931471805599",
        "gumbel, 0.5 2, 1.6544313298031, 6.5797362673929, 2.2703628454615",
        "studentT, 5.5 0.5 2, 0.5, 6.2857142857143, 2.3010910352115",
        "gamma, 2.5 0.5, 5.0, 10.0, 2.423095090065",
        "gamma, 0.5 2, 0.25, 0.125, -0.60253725064596",
        "gamma, 40 2, 20.0, 10.0, 2.5618454927246",
        "inverseGamma, 3.5 0.5, 0.2, 0.026666666666667, -0.95637846111647",
        "beta, 2.5 0.75, 0.76923076923077, 0.041768186564567, -0.50279965128377",
        "beta, 30 20, 0.6, 0.0047058823529412, -1.2619781679196",
        "exponential, 2, 0.5, 0.25, 0.30685281944005",
        "chi2, 3, 3.0, 6.0, 2.0541199559354",
        "halfNormal, 2, 1.5957691216057, 1.4535209105297, 1.4189385332047",
        "weibull, 2 1.5, 1.8054905859019, 1.5027611392557, 1.4800872940856",
        "logNormal, 0.5 0.75, 2.1842008108156, 3.6021643061597, 1.6312564607529",
        "truncatedNormal, 0.5 2 -1 3, 0.85490276396774, 1.1533678400476, 1.3681191393842",
        "truncatedNormal, 0 1 5 Infinity, 5.1865039671258, 0.032696434617112, -0.67979994296945",
        "truncatedNormal, 0 1 -Infinity -30, -30.033259667434, 0.0011037715118901, -2.4034104116334",
        "truncatedNormal, 0 1 100 100.5, 100.009998001, 9.9940049948263e-5, -3.6053701110374",
        "truncatedNormal, 1 0.5 -Infinity 40, 1.0, 0.25, 0.72579135264473",
        "truncatedNormal, -0.3 1 -0.1 0.2, 0.047383344648319, 0.0074734268700296, -1.2044349193272",
        "truncatedNormal, 2 3 -Infinity Infinity, 2.0, 9.0, 2.5175508218728",
        "truncatedNormal, 0 1 -2 Infinity, 0.05524786267899, 0.88645194831142, 1.3406777611967"
    })
    void moments(String name, String parameters, double mean, double variance, double entropy) {
        Distribution d = make(name, numbers(parameters));
        // the variance of a tail is a difference of squares of its end
        double end = name.equals("truncatedNormal") && parameters.contains("100") ? 1e4 * 0x1p-50 : 0;
        assertEquals(mean, eval(d.mean())[0], 1e-12 * Math.max(1, mean));
        assertEquals(variance, eval(d.variance())[0], end + 1e-13 * Math.max(1, variance));
        assertEquals(entropy, eval(d.entropy().orElseThrow())[0], end + 5e-13);
    }

    @ParameterizedTest
    @CsvSource({
        "cauchy, 0.5 2, 3.2241714275292",
        "halfCauchy, 2, 2.5310242469693",
        "studentT, 1000000.0 0 1, 1.4189395332049",
        "vonMises, 0.5 2, 1.2663212919643",
        "vonMises, 3 1e-06, 1.8378770664091",
        "vonMises, 1 30, -0.2731081613788"
    })
    void entropyWithoutMoments(String name, String parameters, double entropy) {
        assertEquals(entropy, eval(make(name, numbers(parameters)).entropy().orElseThrow())[0], 5e-13);
    }

    @ParameterizedTest
    @CsvSource({
        "laplace, 0.5 2, laplace, -1 0.7, 1.442653740476",
        "cauchy, 0.5 2, cauchy, -1 0.7, 0.5327268877191",
        "gumbel, 0.5 2, gumbel, -1 0.7, 1.755022030084",
        "gamma, 2.5 0.5, gamma, 4 1.5, 1.057892483115",
        "beta, 30 20, beta, 15 3, 2.749926013846",
        "exponential, 2, exponential, 0.3, 1.047119984886",
        "weibull, 2 1.5, weibull, 1 0.8, 0.3504069837765",
        "inverseGamma, 3.5 0.5, inverseGamma, 2 1.5, 5.256536781285",
        "logNormal, 0.5 0.75, logNormal, 0 1.5, 0.3737027361155",
        "halfNormal, 2, halfNormal, 0.7, 2.531810528563",
        "halfCauchy, 2, halfCauchy, 0.7, 0.2637369482795",
        "chi2, 3, gamma, 4 1.5, 0.4268676172444",
        "exponential, 2, gamma, 4 1.5, 4.42413475374",
        "gamma, 2.5 0.5, chi2, 3, 0.2976915325371",
        "chi2, 3, exponential, 2, 3.252732863505",
        "uniform, -1 3, normal, 0.5 2, 0.42370801931139410",
        "vonMises, 0.5 2, vonMises, -1 0.7, 0.65594533966635",
        "vonMises, 0.5 30, vonMises, -1 2.5, 3.1279537043455"
    })
    void divergence(String p, String parameters, String q, String others, double gold) {
        Distribution a = make(p, numbers(parameters));
        Distribution b = make(q, numbers(others));
        assertEquals(gold, eval(a.klTo(b))[0], 1e-11);
        assertEquals(0, eval(a.klTo(a))[0], 1e-14);
    }

    /** Values outside have no density, whatever they are, and no NaN. */
    @ParameterizedTest
    @CsvSource({
        "gamma, 2.5 0.5",
        "inverseGamma, 2.5 0.5",
        "beta, 2 3",
        "exponential, 2",
        "chi2, 3",
        "halfNormal, 2",
        "halfCauchy, 2",
        "weibull, 2 1.5",
        "logNormal, 0.5 0.75"
    })
    void outsideIsMinusInfinity(String name, String parameters) {
        Distribution d = make(name, numbers(parameters));
        double[] got = eval(d.logProb(f64(-1, -1e-300, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.5)));
        for (int i = 0; i < 4; i++) {
            assertEquals(Double.NEGATIVE_INFINITY, got[i], name);
        }
        assertTrue(Double.isFinite(got[4]), name);
        assertFalse(Double.isNaN(eval(d.logProb(f64(0)))[0]));
    }

    @Test
    void outsideOfIntervals() {
        Tensor x = f64(-4, 0.5, 4, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY);
        for (Distribution d : List.of(make("truncatedNormal", 0, 1, 0, 3), make("vonMises", 1, 2))) {
            double[] got = eval(d.logProb(x));
            for (int i = 0; i < 5; i++) {
                assertEquals(i == 1, Double.isFinite(got[i]), d + " at element " + i);
                assertFalse(Double.isNaN(got[i]));
            }
        }
    }

    @Test
    void momentsThatDoNotExist() {
        double inf = Double.POSITIVE_INFINITY;
        assertEquals(Double.NaN, eval(make("cauchy", 0, 1).mean())[0]);
        assertEquals(Double.NaN, eval(make("cauchy", 0, 1).variance())[0]);
        assertEquals(inf, eval(make("halfCauchy", 1).mean())[0]);
        assertEquals(Double.NaN, eval(make("studentT", 1, 0, 1).mean())[0]);
        assertEquals(Double.NaN, eval(make("studentT", 1, 0, 1).variance())[0]);
        assertEquals(inf, eval(make("studentT", 1.5, 0, 1).variance())[0]);
        assertEquals(inf, eval(make("inverseGamma", 1, 2).mean())[0]);
        assertEquals(inf, eval(make("inverseGamma", 2, 2).variance())[0]);
        assertEquals(2, eval(make("inverseGamma", 2, 2).mean())[0], 1e-15);
    }

    /** Within five standard errors of the closed form, by an error that is the spread of many estimates. */
    @Test
    void divergenceByDraws() {
        Distribution p = make("gamma", 2.5, 0.5);
        Distribution q = make("gamma", 4, 1.5);
        Divergences.Estimate e = Divergences.monteCarloKl(p, q, Key.of(3), 4000);
        double error = eval(e.standardError())[0];
        assertEquals(eval(p.klTo(q))[0], eval(e.mean())[0], 5 * error);
        double sum = 0;
        double squares = 0;
        for (int i = 0; i < 50; i++) {
            double m = eval(Divergences.monteCarloKl(p, q, Key.of(100 + i), 80).mean())[0];
            sum += m;
            squares += m * m;
        }
        // the spread of 50 numbers is known to 10%, the error of each is sqrt(50) times larger
        double spread = Math.sqrt((squares - sum * sum / 50) / 49) / Math.sqrt(50);
        assertEquals(1, error / spread, 0.5);
        assertEquals(4000, e.draws());
        assertThrows(ShapeException.class, () -> Divergences.monteCarloKl(p, q, Key.of(3), 1));
    }

    @Test
    void intervalsThatDoNotHoldEachOther() {
        Distribution u = make("uniform", -1, 3);
        assertEquals(Double.POSITIVE_INFINITY, eval(u.klTo(make("exponential", 2)))[0]);
        assertEquals(4 - Math.log(2) - Math.log(2), eval(make("uniform", 1, 3).klTo(make("exponential", 2)))[0], 1e-14);
    }

    @Test
    void mistakesAreNamed() {
        List<Supplier<Distribution>> wrong = List.of(
                () -> Laplace.of(0, 0, DType.F32, Shape.SCALAR),
                () -> Logistic.of(Double.NaN, 1, DType.F32, Shape.SCALAR),
                () -> Cauchy.of(0, -1, DType.F32, Shape.SCALAR),
                () -> Gumbel.of(0, Double.POSITIVE_INFINITY, DType.F32, Shape.SCALAR),
                () -> StudentT.of(0, 0, 1, DType.F32, Shape.SCALAR),
                () -> StudentT.of(1, 0, -1, DType.F32, Shape.SCALAR),
                () -> Gamma.of(0, 1, DType.F32, Shape.SCALAR),
                () -> Gamma.of(1, Double.NaN, DType.F32, Shape.SCALAR),
                () -> InverseGamma.of(-1, 1, DType.F32, Shape.SCALAR),
                () -> Beta.of(1, 0, DType.F32, Shape.SCALAR),
                () -> Exponential.of(0, DType.F32, Shape.SCALAR),
                () -> Chi2.of(-2, DType.F32, Shape.SCALAR),
                () -> HalfNormal.of(0, DType.F32, Shape.SCALAR),
                () -> HalfCauchy.of(0, DType.F32, Shape.SCALAR),
                () -> Weibull.of(1, 0, DType.F32, Shape.SCALAR),
                () -> LogNormal.of(0, 0, DType.F32, Shape.SCALAR),
                () -> TruncatedNormal.of(0, 0, -1, 1, DType.F32, Shape.SCALAR),
                () -> TruncatedNormal.of(0, 1, 1, 1, DType.F32, Shape.SCALAR),
                () -> TruncatedNormal.ofLogScale(f64(0), f64(0), Double.NaN, 1),
                () -> VonMises.of(0, -1, DType.F32, Shape.SCALAR));
        for (int i = 0; i < wrong.size(); i++) {
            Supplier<Distribution> s = wrong.get(i);
            String m = assertThrows(PlanException.class, s::get, "number " + i).getMessage();
            assertTrue(m.contains("=") && m.contains("not "), m);
        }
        assertThrows(ShapeException.class, () -> Gamma.ofShapeRate(f64(1, 2), f64(1, 2, 3)));
        assertThrows(ShapeException.class, () -> StudentT.of(f64(1, 2), f64(1, 2, 3), f64(1)));
    }
}
