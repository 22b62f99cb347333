package io.tollgate.controlplane.embedded;

import io.tollgate.controlplane.StartRefused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A server that outlived a control plane which was killed: found by the {@code postmaster.pid} in the data directory, and
 * stopped before a new one starts there. Main thread only.
 */
final class OrphanPostmaster {
    /** A fast shutdown writes a checkpoint; what takes longer than this is stuck. */
    private static final long STOP_SECONDS_MAX = 20;

    private OrphanPostmaster() {}

    /** Stops the server that runs on this data directory, if there is one. The caller holds the home's lock. */
    static void stop(Path dataDirectory, Path binaries) throws StartRefused {
        Optional<ProcessHandle> found = find(dataDirectory, binaries);
        if (found.isEmpty()) {
            return;
        }
        ProcessHandle postmaster = found.get();
        // Fast shutdown: its clients died with the process that started it.
        signal(postmaster, "INT");
        if (!ended(postmaster)) {
            // Immediate shutdown: the next start recovers from the log, nothing committed is lost.
            signal(postmaster, "QUIT");
            if (!ended(postmaster)) {
                throw new StartRefused("a PostgreSQL left over from an earlier run does not stop (process "
                        + postmaster.pid() + " on " + dataDirectory + "; stop it and start again)");
            }
        }
    }

    private static Optional<ProcessHandle> find(Path dataDirectory, Path binaries) throws StartRefused {
        Path file = dataDirectory.resolve("postmaster.pid");
        if (!Files.exists(file)) {
            return Optional.empty();
        }
        try {
            // Line 1: process id; line 2: data directory.
            List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
            if (lines.size() < 2 || !isSame(Path.of(lines.get(1).strip()), dataDirectory)) {
                return Optional.empty();
            }
            return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                    .filter(ProcessHandle::isAlive)
                    .filter(process -> isOurs(process, binaries));
        } catch (NumberFormatException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StartRefused("cannot read " + file + " (expected: a file of this user)");
        }
    }

    private static boolean isSame(Path a, Path b) throws IOException {
        return Files.exists(a) && Files.isSameFile(a, b);
    }

    /** A process id may have been given to somebody else since: only a server from our own binaries is stopped. */
    private static boolean isOurs(ProcessHandle process, Path binaries) {
        return process.info()
                .command()
                .map(command -> Path.of(command).startsWith(binaries))
                .orElse(false);
    }

    private static void signal(ProcessHandle process, String signal) throws StartRefused {
        if (System.getProperty("os.name", "").startsWith("Windows")) {
            process.destroy();
            return;
        }
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .start()
                    .waitFor(STOP_SECONDS_MAX, TimeUnit.SECONDS);
        } catch (IOException e) {
            process.destroy();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while stopping process " + process.pid());
        }
    }

    private static boolean ended(ProcessHandle process) throws StartRefused {
        try {
            process.onExit().get(STOP_SECONDS_MAX, TimeUnit.SECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (ExecutionException e) {
            return !process.isAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StartRefused("interrupted while stopping process " + process.pid());
        }
    }
}
