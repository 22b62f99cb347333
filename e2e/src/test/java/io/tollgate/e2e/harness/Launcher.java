package io.tollgate.e2e.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Runs {@code ./tollgate} with a home of its own and free ports. */
public final class Launcher {
    private static final long COMMAND_SECONDS_MAX = 180;

    private final Path home;
    private final Map<String, String> environment;

    public Launcher(Path home) {
        this(home, Map.of());
    }

    private Launcher(Path home, Map<String, String> more) {
        this.home = home;
        this.environment = new HashMap<>(Map.of(
                "TOLLGATE_HOME", home.toString(),
                "TOLLGATE_BUILD", "never",
                "TOLLGATE_JAVA", System.getProperty("java.home"),
                "TOLLGATE_PROXY_PORT", "0",
                "TOLLGATE_OPERATIONS_PORT", "0",
                "TOLLGATE_ADMIN_PORT", "0",
                "TOLLGATE_STREAM_PORT", "0",
                "TOLLGATE_UPSTREAM_PORT", "0",
                "TOLLGATE_PROXY_HOST", "127.0.0.1"));
        environment.putAll(more);
    }

    /** The same home with more in the environment. */
    public Launcher with(Map<String, String> more) {
        return new Launcher(home, more);
    }

    /** How a command ended, and everything it printed. */
    public record Result(int status, String output) {}

    public Result run(String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Jars.root().resolve("tollgate").toString());
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile(Trees.create(home.resolveSibling("launcher-output")), "run", ".txt");
            ProcessBuilder builder = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .directory(Jars.root().toFile());
            builder.environment().keySet().removeIf(key -> key.startsWith("TOLLGATE_"));
            builder.environment().putAll(environment);
            Process process = builder.start();
            if (!process.waitFor(COMMAND_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + " did not end\n" + Files.readString(output));
            }
            return new Result(process.exitValue(), Files.readString(output, StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    public Path home() {
        return home;
    }

    /** Process ids in a directory of the home that are still those of living processes. */
    public List<Long> alivePids(String directory) {
        Path run = home.resolve(directory);
        if (!Files.exists(run)) {
            return List.of();
        }
        return Trees.files(run).stream()
                .filter(file -> file.toString().endsWith(".pid"))
                .map(Launcher::pid)
                .filter(pid -> ProcessHandle.of(pid).isPresent())
                .toList();
    }

    /** kill -9. */
    public void kill(String name) {
        ProcessHandle.of(pid(home.resolve("run").resolve(name + ".pid"))).ifPresent(process -> {
            process.destroyForcibly();
            Await.until(name + " is gone", Duration.ofSeconds(10), () -> !process.isAlive());
        });
    }

    /** A number out of the line that a process printed when it was ready. */
    public int port(String name, String member) {
        String line = read(home.resolve("run").resolve(name + ".out"));
        Matcher matcher = Pattern.compile('"' + member + "\":([0-9]+)").matcher(line);
        if (!matcher.find()) {
            throw new AssertionError("no " + member + " in " + line);
        }
        return Integer.parseInt(matcher.group(1));
    }

    private static long pid(Path file) {
        String text = read(file);
        return Long.parseLong(text.substring(0, text.indexOf(' ')));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
