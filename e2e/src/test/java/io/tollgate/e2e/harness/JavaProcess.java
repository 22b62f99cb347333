package io.tollgate.e2e.harness;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One process of the product: started with an environment of its own, ready when it has printed its line, ended by a signal.
 *
 * <p>It dies with the test JVM at the latest.
 */
public final class JavaProcess implements AutoCloseable {
    /** Longest that a start may take on a busy machine of two cores. */
    private static final Duration READY_TIME_MAX = Duration.ofSeconds(90);

    private static final Duration END_TIME_MAX = Duration.ofSeconds(60);

    private final String name;
    private final Process process;
    private final Path errors;
    private final Path output;
    private final CompletableFuture<String> readyLine = new CompletableFuture<>();

    private JavaProcess(String name, Process process, Path directory) {
        this.name = name;
        this.process = process;
        this.errors = errors(name, directory);
        this.output = directory.resolve(name + ".out");
    }

    private static Path errors(String name, Path directory) {
        return directory.resolve(name + ".log");
    }

    /**
     * Starts a JVM.
     *
     * @param environment its {@code TOLLGATE_} keys; those of this JVM are not passed on
     * @param directory where its error output is kept, as NAME.log, and the other as NAME.out
     */
    public static JavaProcess start(
            String name, Path directory, Map<String, String> environment, List<String> arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-XX:+UseSerialGC");
        if (Runtime.version().feature() >= 24) {
            command.add("--enable-native-access=ALL-UNNAMED");
            command.add("--sun-misc-unsafe-memory-access=allow");
        }
        command.addAll(arguments);
        Path errors = errors(name, Trees.create(directory));
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.appendTo(errors.toFile()))
                .directory(directory.toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("TOLLGATE_"));
        builder.environment().putAll(environment);
        try {
            // Each start speaks for itself.
            Files.deleteIfExists(errors);
            JavaProcess started = new JavaProcess(name, builder.start(), directory);
            Runtime.getRuntime().addShutdownHook(new Thread(started.process::destroyForcibly));
            Thread reader = new Thread(started::readOutput, name + "-output");
            reader.setDaemon(true);
            reader.start();
            return started;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void readOutput() {
        try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
                BufferedWriter kept = Files.newBufferedWriter(output)) {
            String line = lines.readLine();
            while (line != null) {
                kept.write(line);
                kept.newLine();
                kept.flush();
                if (line.contains("\"listening\"")) {
                    readyLine.complete(line);
                }
                line = lines.readLine();
            }
            readyLine.completeExceptionally(new IllegalStateException(name + " ended without being ready"));
        } catch (IOException e) {
            readyLine.completeExceptionally(e);
        }
    }

    /** Waits for the line that says where it listens. */
    public String awaitReady() {
        try {
            return readyLine.get(READY_TIME_MAX.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException | TimeoutException e) {
            throw new AssertionError(name + " is not ready: " + e.getMessage() + "\n" + errors(), e);
        }
    }

    public boolean isReady() {
        return readyLine.isDone() && !readyLine.isCompletedExceptionally();
    }

    /** A number out of the ready line. */
    public int port(String member) {
        Matcher matcher = Pattern.compile('"' + member + "\":([0-9]+)").matcher(awaitReady());
        if (!matcher.find()) {
            throw new AssertionError("no " + member + " in " + awaitReady());
        }
        return Integer.parseInt(matcher.group(1));
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** kill -9. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd();
    }

    /** SIGTERM; returns the exit status. */
    public int terminate() {
        process.destroy();
        return awaitEnd();
    }

    /** SIGTERM, without waiting. */
    public void beginTermination() {
        process.destroy();
    }

    /** Waits for its end and returns the exit status. */
    public int awaitEnd() {
        try {
            if (!process.waitFor(END_TIME_MAX.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(name + " did not end within " + END_TIME_MAX + "\n" + errors());
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** SIGSTOP: it keeps its connections and says nothing any more. */
    public void suspend() {
        signal("-STOP");
    }

    /** SIGCONT. */
    public void resume() {
        signal("-CONT");
    }

    /** SIGHUP. */
    public void hangUp() {
        signal("-HUP");
    }

    private void signal(String signal) {
        try {
            int status = new ProcessBuilder("kill", signal, Long.toString(process.pid()))
                    .start()
                    .waitFor();
            if (status != 0) {
                throw new AssertionError("kill " + signal + " " + name + ": status " + status);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** Resident memory; 0 where /proc does not tell. */
    public long residentBytes() {
        Path status = Path.of("/proc", Long.toString(process.pid()), "status");
        try {
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmRSS:")) {
                        return Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024;
                    }
                }
            }
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What it wrote to its error output. */
    public String errors() {
        try {
            return Files.exists(errors) ? Files.readString(errors) : "";
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        if (process.isAlive()) {
            process.destroyForcibly();
            awaitEnd();
        }
    }
}
