package io.tollgate.bench;

import java.io.IOException;

/** Runs the micro benchmarks that the arguments name. */
public final class Main {
    private Main() {}

    public static void main(String[] arguments) throws IOException {
        org.openjdk.jmh.Main.main(arguments);
    }
}
