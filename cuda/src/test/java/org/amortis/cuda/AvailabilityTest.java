package org.amortis.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.atomic.AtomicInteger;
import org.amortis.array.DType;
import org.amortis.array.Shape;
import org.amortis.array.UnsupportedOnBackend;
import org.amortis.runtime.Device;
import org.amortis.runtime.Run;
import org.amortis.tensor.Tensors;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Each reason why there is no GPU has its own message that says what to do. */
class AvailabilityTest {
    private static final Availability.Environment EMPTY = name -> null;

    @Test
    void jcudaAbsent() {
        String why = Availability.bindings(ClassLoader.getPlatformClassLoader());
        assertNotNull(why);
        assertTrue(why.contains("org.jcuda:jcuda"), why);
        assertNull(Availability.bindings(AvailabilityTest.class.getClassLoader()));
    }

    @Test
    void driverAbsent() {
        AtomicInteger asked = new AtomicInteger();
        String why = Availability.library("Linux", EMPTY, p -> asked.incrementAndGet() < 0);
        assertNotNull(why);
        assertTrue(why.contains("libcuda.so.1") && why.contains("install"), why);
        assertTrue(asked.get() > 3);
        assertTrue(String.valueOf(Availability.library("Windows 11", EMPTY, p -> false))
                .contains("nvcuda.dll"));
        assertTrue(String.valueOf(Availability.library("Mac OS X", EMPTY, p -> true))
                .contains("macOS"));
    }

    @Test
    void driverFoundWhereTheEnvironmentSays() {
        assertNull(Availability.library(
                "Linux", name -> name.equals("LD_LIBRARY_PATH") ? "/a:/b" : null, p -> p.equals("/b/libcuda.so.1")));
    }

    @Test
    void deviceAbsentDriverTooOldOrBroken() {
        assertTrue(String.valueOf(Availability.devices(() -> -100, () -> 12060)).contains("no GPU"));
        assertTrue(String.valueOf(Availability.devices(() -> 0, () -> 12060)).contains("no GPU"));
        assertTrue(String.valueOf(Availability.devices(() -> 1, () -> 11080)).contains("CUDA 11.8"));
        assertTrue(String.valueOf(Availability.devices(() -> -803, () -> 0)).contains("versions"));
        assertTrue(String.valueOf(Availability.devices(() -> -17, () -> 0)).contains("17"));
        assertNull(Availability.devices(() -> 2, () -> 12000));
    }

    @Test
    void demandedWithoutGpuFailsAtOnceAndTheProcessorGoesOn() {
        String why = new CudaProvider().unavailable();
        Assumptions.assumeTrue(why != null, "there is a GPU");
        UnsupportedOnBackend e = assertThrows(UnsupportedOnBackend.class, () -> Device.cuda(0));
        assertTrue(e.getMessage().contains("backend cuda cannot be used: cuda: " + why), e.getMessage());
        assertEquals(2, Run.eval(Tensors.zeros(DType.F32, Shape.of(3)).add(2)).get(1));
        try (Device d = Device.builder().backend("scalar").build()) {
            assertFalse(d.describe().contains("cuda"));
        }
    }
}
