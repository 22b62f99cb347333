package io.tollgate.bench.load;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * One started process and what the kernel says it costs. Times and memory come from /proc and cover the whole process tree; elsewhere
 * than on Linux they read as 0. One thread at a time.
 */
final class BenchProcess implements AutoCloseable {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Pattern BLANK = Pattern.compile("\\s+");
    /** USER_HZ, the unit of /proc/pid/stat; 100 on every Linux that the JVM runs on. */
    private static final long TICK_MICROS = 10_000;

    private static final long STOP_SECONDS_MAX = 20;

    private final String name;
    private final Process process;
    private final BufferedReader output;

    private BenchProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        this.output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Starts it in {@code folder}; standard error goes to a log file there. Our own settings are not inherited. */
    static BenchProcess start(String name, List<String> command, Map<String, String> environment, Path folder)
            throws IOException {
        Files.createDirectories(folder);
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectError(folder.resolve(name + ".log").toFile());
        builder.environment().keySet().removeIf(key -> key.startsWith("TOLLGATE_"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        // However the bench ends, what it started ends too.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        return new BenchProcess(name, process);
    }

    /** The JSON line with which our processes say that they are ready. */
    JsonNode awaitListening() throws IOException {
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            if (line.startsWith("{") && line.contains("\"listening\"")) {
                return JSON.readTree(line);
            }
        }
        throw new IOException(name + " ended before it listened; see its log file");
    }

    long pid() {
        return process.pid();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** Processor time used so far by the tree, microseconds. */
    long cpuMicros() throws IOException {
        long ticks = 0;
        for (ProcessHandle handle : tree().toList()) {
            String[] fields = stat(handle);
            // After the command in parentheses: state is field 0, utime field 11, stime field 12.
            if (fields.length > 12) {
                ticks += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
            }
        }
        return ticks * TICK_MICROS;
    }

    /** Resident memory of the tree, bytes. */
    long residentBytes() throws IOException {
        long kibibytes = 0;
        for (ProcessHandle handle : tree().toList()) {
            Path status = Path.of("/proc", Long.toString(handle.pid()), "status");
            if (Files.exists(status)) {
                for (String line : Files.readAllLines(status)) {
                    if (line.startsWith("VmRSS:")) {
                        kibibytes += Long.parseLong(BLANK.split(line, 3)[1]);
                    }
                }
            }
        }
        return kibibytes * 1024;
    }

    private Stream<ProcessHandle> tree() {
        return Stream.concat(Stream.of(process.toHandle()), process.descendants());
    }

    private static String[] stat(ProcessHandle handle) throws IOException {
        Path file = Path.of("/proc", Long.toString(handle.pid()), "stat");
        if (!Files.exists(file)) {
            return new String[0];
        }
        String text = Files.readString(file);
        return BLANK.split(text.substring(text.lastIndexOf(')') + 2), -1);
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS)) {
                process.destroyForcibly().waitFor();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
