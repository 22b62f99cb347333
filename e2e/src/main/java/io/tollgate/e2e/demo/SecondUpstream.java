package io.tollgate.e2e.demo;

import io.tollgate.e2e.upstream.SampleUpstream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Another sample upstream, a process of its own on a free port, for as long as the demo needs it. One thread. */
final class SecondUpstream implements AutoCloseable {
    private static final Pattern PORT = Pattern.compile("\"upstream_port\":(\\d+)");

    private final Process process;
    private final int port;

    private SecondUpstream(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    static SecondUpstream start() throws DemoFailed, IOException {
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        SampleUpstream.class.getName(),
                        "0")
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        // Whatever ends the demo ends it too.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly, "stop-second-upstream"));
        BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        String line = out.readLine();
        Matcher port = PORT.matcher(line == null ? "" : line);
        if (!port.find()) {
            process.destroyForcibly();
            throw new DemoFailed("a second sample upstream", String.valueOf(line));
        }
        return new SecondUpstream(process, Integer.parseInt(port.group(1)));
    }

    int port() {
        return port;
    }

    /** Dies like a killed process, with its calls in flight. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
