package org.amortis.house;

import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethodCall;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The layers and the rules about what may name what, read from class files. */
@Tag("once")
final class LayersTest {
    /** From the bottom up. A package uses packages of lower rows only; packages of one row do not use each other. */
    private static final List<Set<String>> ROWS = List.of(
            Set.of("math"),
            Set.of("array"),
            Set.of("tensor", "io"),
            Set.of("grad"),
            Set.of("spi"),
            Set.of("backend", "compile"),
            Set.of("runtime"),
            Set.of("check", "param"),
            Set.of("nn", "optim"),
            Set.of("train", "dist"),
            Set.of("flow", "mc"),
            Set.of("vi"),
            Set.of("vae", "langevin", "ssm", "sbi", "meta"),
            Set.of("diagnose"));

    private static final Set<String> MACHINERY = Set.of("spi", "backend", "compile");

    /** Packages that see the machinery behind {@code runtime}. */
    private static final Set<String> MACHINISTS = Set.of("spi", "backend", "compile", "runtime", "check");

    private static final Set<String> TRAIN_STANDS_ON =
            Set.of("math", "array", "tensor", "grad", "runtime", "param", "optim", "io");

    private static final Map<String, JavaClasses> READ = new ConcurrentHashMap<>();

    @ParameterizedTest
    @ValueSource(strings = {"core", "kernels", "cuda", "bench"})
    void everyClassFileIsRead(String module) {
        Path classes = Sources.classes(module);
        Set<String> files = new TreeSet<>();
        for (Path file : Sources.under(classes, ".class")) {
            String name = classes.relativize(file).toString().replaceAll("[/\\\\]", ".");
            files.add(name.substring(0, name.length() - ".class".length()));
        }
        files.removeIf(name -> name.equals("module-info"));
        Set<String> read = new TreeSet<>();
        for (JavaClass type : imported(module)) {
            read.add(type.getName());
        }
        assertEquals(files, read);
        assertFalse(files.isEmpty(), "no class file under " + classes);
    }

    /** An importer that knows no Java 25 class file would find names and no content, and every rule would pass. */
    @Test
    void classFilesAreUnderstood() {
        JavaClass hostArray = imported("core").get("org.amortis.array.HostArray");
        assertTrue(hostArray.getDirectDependenciesFromSelf().stream()
                .anyMatch(d -> d.getTargetClass().getName().equals("org.amortis.array.Shape")));
        assertTrue(
                hostArray.getMethodCallsFromSelf().size() > 5,
                "calls read from HostArray: "
                        + hostArray.getMethodCallsFromSelf().size());
    }

    @Test
    void layersOfCore() {
        Set<String> broken = new TreeSet<>();
        for (JavaClass type : imported("core")) {
            String from = room(type.getPackageName());
            if (row(from) < 0) {
                broken.add(type.getPackageName() + " has no layer: name it in LayersTest");
            }
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to =
                        room(dependency.getTargetClass().getBaseComponentType().getPackageName());
                if (!to.isEmpty() && !to.equals(from) && !allowed(from, to)) {
                    broken.add(from + " must not use " + to + ": " + dependency.getDescription());
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    private static boolean allowed(String from, String to) {
        return switch (from) {
            case "io" -> Set.of("math", "array").contains(to);
            case "train" -> TRAIN_STANDS_ON.contains(to);
            default -> row(to) >= 0 && row(to) < row(from) && (!MACHINERY.contains(to) || MACHINISTS.contains(from));
        };
    }

    @ParameterizedTest
    @ValueSource(strings = {"core", "kernels", "cuda", "bench"})
    void packagesHaveNoCycles(String module) {
        slices().matching("org.amortis.(**)").should().beFreeOfCycles().check(imported(module));
    }

    @Test
    void coreNeedsNothingButTheJdk() {
        Set<String> broken = new TreeSet<>();
        for (JavaClass type : imported("core")) {
            for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                String to = dependency.getTargetClass().getBaseComponentType().getPackageName();
                boolean known = to.isEmpty()
                        || to.startsWith("java.")
                        || to.startsWith("jdk.") && !to.startsWith("jdk.incubator")
                        || to.startsWith("com.sun.management")
                        || to.startsWith("org.amortis.")
                        || to.equals("org.jspecify.annotations");
                if (!known) {
                    broken.add(dependency.getDescription());
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    @Test
    void vectorsOnlyInKernelsAndJcudaOnlyInCuda() {
        Set<String> broken = new TreeSet<>();
        for (String module : Sources.SHIPPED) {
            for (JavaClass type : imported(module)) {
                for (Dependency dependency : type.getDirectDependenciesFromSelf()) {
                    String to =
                            dependency.getTargetClass().getBaseComponentType().getPackageName();
                    if (to.startsWith("jdk.incubator.vector") && !module.equals("kernels")
                            || to.startsWith("jcuda") && !module.equals("cuda")) {
                        broken.add(module + ": " + dependency.getDescription());
                    }
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    @Test
    void noNativeLibraryIsLoadedByCoreAndKernels() {
        Set<String> broken = new TreeSet<>();
        for (String module : List.of("core", "kernels")) {
            for (JavaClass type : imported(module)) {
                for (JavaMethodCall call : type.getMethodCallsFromSelf()) {
                    String owner = call.getTargetOwner().getName();
                    String name = call.getTarget().getName();
                    if (name.startsWith("load")
                                    && (owner.equals("java.lang.System") || owner.equals("java.lang.Runtime"))
                            || owner.equals("java.lang.foreign.SymbolLookup")) {
                        broken.add(call.getDescription());
                    }
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    /** The only class hierarchies are the exceptions; everything else is an interface, a record, an enum or a final class. */
    @Test
    void noImplementationIsInherited() {
        Set<String> broken = new TreeSet<>();
        for (String module : List.of("core", "kernels", "cuda")) {
            for (JavaClass type : imported(module)) {
                boolean closed = type.isInterface()
                        || type.isRecord()
                        || type.isEnum()
                        || type.isAnonymousClass()
                        || type.getModifiers().contains(JavaModifier.FINAL)
                        || type.isAssignableTo(Throwable.class);
                if (!closed) {
                    broken.add(type.getName() + " is neither interface, record, enum nor final");
                }
                type.getRawSuperclass().map(JavaClass::getName).ifPresent(above -> {
                    boolean plain = Set.of("java.lang.Object", "java.lang.Record", "java.lang.Enum")
                            .contains(above);
                    boolean constantWithBody = above.startsWith("org.amortis.")
                            && type.isAnonymousClass()
                            && type.getRawSuperclass().orElseThrow().isEnum();
                    // JCuda lets only subclasses read the number of a handle
                    boolean handle = module.equals("cuda") && above.startsWith("jcuda.");
                    if (!plain && !constantWithBody && !handle && !type.isAssignableTo(Throwable.class)) {
                        broken.add(type.getName() + " extends " + above);
                    }
                });
            }
        }
        assertEquals(Set.of(), broken);
    }

    @Test
    void coreIsSilent() {
        Set<String> broken = new TreeSet<>();
        for (String module : List.of("core", "kernels", "cuda")) {
            for (JavaClass type : imported(module)) {
                type.getFieldAccessesFromSelf().stream()
                        .filter(a -> a.getTargetOwner().getName().equals("java.lang.System"))
                        .filter(a -> Set.of("out", "err").contains(a.getTarget().getName()))
                        .forEach(a -> broken.add(a.getDescription()));
            }
        }
        assertEquals(Set.of(), broken);
    }

    /** Two small jars are part of the promise to those who embed them. */
    @Test
    void coreAndKernelsStaySmall() {
        long bytes = Jars.packedBytes(Sources.classes("core")) + Jars.packedBytes(Sources.classes("kernels"));
        assertTrue(bytes > 10_000, "nothing was measured: " + bytes);
        assertTrue(bytes < 2L << 20, String.format(Locale.ROOT, "core and kernels take %d bytes, 2 MB allowed", bytes));
    }

    /** A package that is not exported cannot be used on the module path, though every class path test passes. */
    @Test
    void everyPackageOfCoreIsExported() {
        Set<String> packages = new TreeSet<>();
        for (JavaClass type : imported("core")) {
            if (type.getModifiers().contains(JavaModifier.PUBLIC)) {
                packages.add(type.getPackageName());
            }
        }
        Set<String> missing = new TreeSet<>(packages);
        Set<String> qualified = new HashSet<>();
        for (var export : Jars.descriptor(Sources.classes("core")).exports()) {
            missing.remove(export.source());
            if (export.isQualified()) {
                qualified.add(export.source());
            }
        }
        assertEquals(Set.of(), missing);
        assertEquals(Set.of(), qualified);
        assertTrue(packages.size() > 0);
    }

    private static JavaClasses imported(String module) {
        return READ.computeIfAbsent(module, m -> new ClassFileImporter().importPath(Sources.classes(m)));
    }

    /** The first package segment below org.amortis, empty for packages of others. */
    private static String room(String packageName) {
        List<String> segments = new ArrayList<>(List.of(packageName.split("\\.")));
        return segments.size() > 2 && packageName.startsWith("org.amortis.") ? segments.get(2) : "";
    }

    private static int row(String room) {
        for (int i = 0; i < ROWS.size(); i++) {
            if (ROWS.get(i).contains(room)) {
                return i;
            }
        }
        return -1;
    }
}
