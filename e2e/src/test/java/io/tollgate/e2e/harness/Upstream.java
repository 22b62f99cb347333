package io.tollgate.e2e.harness;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The sample upstream as a process. */
public final class Upstream implements AutoCloseable {
    private final JavaProcess process;

    private Upstream(JavaProcess process) {
        this.process = process;
    }

    public static Upstream start(Path directory) {
        return new Upstream(JavaProcess.start(
                "upstream",
                directory,
                Map.of(),
                List.of("-Xmx128m", "-cp", Jars.E2E.toString(), "io.tollgate.e2e.upstream.SampleUpstream", "0")));
    }

    public int port() {
        return process.port("upstream_port");
    }

    @Override
    public void close() {
        process.close();
    }
}
