package io.tollgate.e2e.harness;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the build put the programs, and where runs may write. */
public final class Jars {
    static final Path CONTROL_PLANE = jar("tollgate.control-plane.jar");
    static final Path NODE = jar("tollgate.node.jar");
    static final Path E2E = jar("tollgate.e2e.jar");

    private Jars() {}

    /** Top of the checkout. */
    public static Path root() {
        return E2E.resolve("../../../..").normalize();
    }

    /** An empty directory under target/ for one test class or case; what was there is removed. */
    public static Path emptyDirectory(String name) {
        Path directory = E2E.resolve("../../runs").resolve(name).normalize();
        Trees.delete(directory);
        return Trees.create(directory);
    }

    private static Path jar(String property) {
        String value = System.getProperty(property);
        if (value == null) {
            throw new IllegalStateException(
                    "system property " + property + " (expected: path of a jar; run these tests by Maven)");
        }
        Path path = Path.of(value).toAbsolutePath().normalize();
        if (!Files.isRegularFile(path)) {
            throw new IllegalStateException(path + " is missing (expected: built before; mvn -DskipTests package)");
        }
        return path;
    }
}
