package io.tollgate.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
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
        return start(directory, 0);
    }

    /** One on this port, such as that of one that died; 0: a free one. */
    public static Upstream start(Path directory, int port) {
        return new Upstream(JavaProcess.start(
                "upstream",
                directory,
                Map.of(),
                List.of(
                        "-Xmx128m",
                        "-cp",
                        Jars.E2E.toString(),
                        "io.tollgate.e2e.upstream.SampleUpstream",
                        Integer.toString(port))));
    }

    public int port() {
        return process.port("upstream_port");
    }

    /** "127.0.0.1:PORT", as a node writes it in the Host field. */
    public String authority() {
        return "127.0.0.1:" + port();
    }

    /** From now on it answers everything with this status; 200: it is well again. */
    public void answerAll(int status) {
        ask("/sick/" + status);
    }

    /** How many calls reached it. */
    public long calls() {
        return Long.parseLong(ask("/calls"));
    }

    private String ask(String path) {
        try (Caller caller = new Caller(port())) {
            return caller.get(path, "").text();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public JavaProcess process() {
        return process;
    }

    @Override
    public void close() {
        process.close();
    }
}
