package io.tollgate.e2e.harness;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/** Callers that call one after the other until they are stopped, and what they saw. */
public final class Load implements AutoCloseable {
    private static final long PAUSE_AFTER_FAILURE_NANOS = 5_000_000;
    private static final long PACE_NANOS = 1_000_000;
    private static final int FAILURES_KEPT_MAX = 20;

    private final List<Thread> threads = new ArrayList<>();
    private final Map<Integer, Long> wholeByStatus = new TreeMap<>();
    private final List<String> failures = new ArrayList<>();
    private long refusedConnections;
    private long brokenCalls;
    private volatile boolean stopping;

    private final long pauseNanos;
    private final Predicate<Caller.Reply> right;

    private Load(long pauseNanos, Predicate<Caller.Reply> right) {
        this.pauseNanos = pauseNanos;
        this.right = right;
    }

    /** Starts that many callers of one path; each keeps its connection as long as the node does. */
    public static Load start(int callers, int port, String path, String key) {
        return start(new Load(0, Load::isOk), callers, port, path, key);
    }

    /** The same, but each caller rests a millisecond after each answer: traffic that leaves the machine room for other work. */
    public static Load startPaced(int callers, int port, String path, String key) {
        return startPaced(callers, port, path, key, Load::isOk);
    }

    /** The same; what is not right is kept with the failures. */
    public static Load startPaced(int callers, int port, String path, String key, Predicate<Caller.Reply> right) {
        return start(new Load(PACE_NANOS, right), callers, port, path, key);
    }

    private static boolean isOk(Caller.Reply reply) {
        return reply.status() == 200;
    }

    private static Load start(Load load, int callers, int port, String path, String key) {
        for (int i = 0; i < callers; i++) {
            Thread thread = new Thread(() -> load.run(port, path, key), "load-" + i);
            load.threads.add(thread);
            thread.start();
        }
        return load;
    }

    private void run(int port, String path, String key) {
        try (Caller caller = new Caller(port)) {
            while (!stopping) {
                try {
                    caller.connect();
                } catch (IOException e) {
                    refused();
                    continue;
                }
                try {
                    whole(caller.get(path, key));
                    if (pauseNanos > 0) {
                        LockSupport.parkNanos(pauseNanos);
                    }
                } catch (IOException e) {
                    broken(e);
                }
            }
        }
    }

    private synchronized void whole(Caller.Reply reply) {
        wholeByStatus.merge(reply.status(), 1L, Long::sum);
        if (!right.test(reply) && failures.size() < FAILURES_KEPT_MAX) {
            failures.add(reply.status() + " " + reply.text());
        }
    }

    private void refused() {
        synchronized (this) {
            refusedConnections++;
        }
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
    }

    private void broken(IOException reason) {
        synchronized (this) {
            brokenCalls++;
            if (failures.size() < FAILURES_KEPT_MAX) {
                failures.add(reason.toString());
            }
        }
        LockSupport.parkNanos(PAUSE_AFTER_FAILURE_NANOS);
    }

    /** Answers that came whole so far. */
    public synchronized long whole() {
        return wholeByStatus.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Answers with this status that came whole so far. */
    public synchronized long whole(int status) {
        return wholeByStatus.getOrDefault(status, 0L);
    }

    /** Calls that were sent and whose answer did not come whole. */
    public synchronized long broken() {
        return brokenCalls;
    }

    /** Connections that could not be made; nothing was sent on them. */
    public synchronized long refusedConnectionCount() {
        return refusedConnections;
    }

    /** The first of what was not a whole and right answer. */
    public synchronized List<String> failures() {
        return List.copyOf(failures);
    }

    /** Waits until that many more answers came whole. */
    public Load awaitWhole(long more) {
        long target = whole() + more;
        Await.until(more + " more answers", Duration.ofSeconds(60), () -> whole() >= target);
        return this;
    }

    /** Ends after the calls in flight. */
    public Load stop() {
        stopping = true;
        for (Thread thread : threads) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException(e);
            }
        }
        return this;
    }

    @Override
    public void close() {
        stop();
    }
}
