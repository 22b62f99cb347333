package io.tollgate.bench.load;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * How long a million API keys take to arrive at a node that has nothing, and one more key at one that has them. Main thread only.
 */
public final class ArrivalBench {
    private static final int[] SIZES = {0, 100_000, 1_000_000};

    private ArrivalBench() {}

    /** Runs it; takes no arguments. */
    public static void run(String[] words) throws Exception {
        if (words.length > 0) {
            System.err.println("tollgate-bench: arrival " + words[0] + " (expected: no arguments)");
            System.exit(2);
        }
        System.out.println("Machine: " + Machine.describe() + "; load average before: " + Machine.loadAverage());
        Path folder = Files.createTempDirectory("tollgate-bench");
        // A million keys want more than the half gigabyte that both have by default.
        try (Tollgate tollgate = Tollgate.start(LoadBench.root(), folder, Cores.detect(), List.of("-Xmx4g"))) {
            tollgate.configure();
            System.out.println();
            System.out.println(
                    "| keys | new node: start to serving ms | node MiB | control plane MiB | one more key |");
            System.out.println("|---|---|---|---|---|");
            int made = 0;
            for (int size : SIZES) {
                if (size > made) {
                    tollgate.fillKeys(made + 1, size);
                    made = size;
                }
                // What was put in behind its back is part of no revision; the next one has it.
                tollgate.issueKey("filled-to-" + size, null);
                long startNanos = System.nanoTime();
                Tollgate.MoreNode node = tollgate.addNode(Map.of());
                long millis = (System.nanoTime() - startNanos) / 1_000_000;
                System.out.printf(
                        Locale.ROOT,
                        "| %,d | %,d | %d | %d | %s |%n",
                        size,
                        millis,
                        node.process().residentBytes() >> 20,
                        tollgate.controlPlane().residentBytes() >> 20,
                        Propagation.measure(tollgate));
                node.process().close();
            }
        }
    }
}
