package io.tollgate.bench.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a JVM tells of itself when it is asked from outside. Stateless. */
final class Jcmd {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    private Jcmd() {}

    /** Heap that is in use after a full collection. */
    static long heapBytes(long pid) throws IOException, InterruptedException {
        ask(pid, "GC.run");
        Matcher used = USED.matcher(ask(pid, "GC.heap_info"));
        long bytes = 0;
        // The generations of the serial collector; what follows them is not heap.
        for (int generation = 0; generation < 2 && used.find(); generation++) {
            bytes += Long.parseLong(used.group(1)) * 1024;
        }
        return bytes;
    }

    /** What the thread of this name has allocated since its start. */
    static long allocatedBytes(long pid, String thread) throws IOException, InterruptedException {
        Matcher told = Pattern.compile("\"" + Pattern.quote(thread) + "\".* allocated=(\\d+)([BKMG]) ")
                .matcher(ask(pid, "Thread.print", "-e"));
        if (!told.find()) {
            throw new IOException("the JVM does not tell of " + thread);
        }
        return Long.parseLong(told.group(1)) << (10 * "BKMG".indexOf(told.group(2)));
    }

    private static String ask(long pid, String... command) throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(), Long.toString(pid)));
        all.addAll(List.of(command));
        Process process = new ProcessBuilder(all).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (!process.waitFor(1, TimeUnit.MINUTES) || process.exitValue() != 0) {
            throw new IOException("jcmd: " + said);
        }
        return said;
    }
}
