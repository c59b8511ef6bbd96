/** The SIMD backend. Nothing refers to it by name: it is found as a service. */
module org.amortis.kernels {
    requires org.amortis.core;
    requires jdk.incubator.vector;
    requires static org.jspecify;

    provides org.amortis.spi.BackendProvider with
            org.amortis.kernels.SimdProvider;
}
