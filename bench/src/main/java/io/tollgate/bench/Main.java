package io.tollgate.bench;

import io.tollgate.bench.engine.KeyMemory;
import io.tollgate.bench.load.ArrivalBench;
import io.tollgate.bench.load.Http2Bench;
import io.tollgate.bench.load.LoadBench;
import io.tollgate.bench.load.RoutesBench;
import io.tollgate.bench.load.StreamsBench;
import io.tollgate.bench.load.TlsBench;
import io.tollgate.bench.load.WatchingBench;
import java.util.Arrays;

/**
 * Runs a bench: {@code load} is the side-by-side load bench, {@code http2} loads over HTTP/2, {@code tls} makes handshakes, {@code
 * watching} compares ways to watch a node, {@code routes} changes routes among ever more of
 * them, {@code streams} opens ever more WebSockets, {@code keys} weighs a million API keys, {@code arrival} has them arrive at a node, {@code jmh} the micro benchmarks
 * (further arguments are JMH's own).
 * Main thread only.
 */
public final class Main {
    private static final String USAGE =
            "tollgate-bench: say what to run: load [--seconds N] [--rounds N] [--connections N] | http2 [the same] | tls [--seconds N]"
                    + " | watching | routes | streams | keys | arrival | jmh [JMH options]";

    private Main() {}

    public static void main(String[] arguments) throws Exception {
        String bench = arguments.length == 0 ? "" : arguments[0];
        String[] rest = arguments.length == 0 ? arguments : Arrays.copyOfRange(arguments, 1, arguments.length);
        switch (bench) {
            case "load" -> LoadBench.run(rest);
            case "http2" -> Http2Bench.run(rest);
            case "tls" -> TlsBench.run(rest);
            case "watching" -> WatchingBench.run(rest);
            case "routes" -> RoutesBench.run(rest);
            case "streams" -> StreamsBench.run(rest);
            case "keys" -> KeyMemory.run();
            case "arrival" -> ArrivalBench.run(rest);
            case "jmh" -> org.openjdk.jmh.Main.main(rest);
            default -> {
                System.err.println(USAGE);
                System.exit(2);
            }
        }
    }
}
