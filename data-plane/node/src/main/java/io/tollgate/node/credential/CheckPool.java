package io.tollgate.node.credential;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * The threads that check credentials of one kind, which is arithmetic too long for an event loop. Shared. Passwords have threads of their
 * own: one takes as long as some hundreds of signatures.
 */
public final class CheckPool implements AutoCloseable {
    /** Checks are arithmetic: more threads would take the cores from the event loops. */
    static final int THREADS = 2;
    /** Signatures that wait; at a hundred microseconds each, more than these come too late for whoever waits. */
    static final int WAITING_MAX = 1_024;
    /** Passwords that wait, at some thirty milliseconds each. */
    static final int PASSWORDS_WAITING_MAX = 64;

    private static final long IDLE_SECONDS = 30;

    private final ThreadPoolExecutor threads;
    private final AtomicLong refused = new AtomicLong();

    CheckPool(String name, int waitingMax) {
        threads = new ThreadPoolExecutor(
                THREADS, THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new ArrayBlockingQueue<>(waitingMax), work -> {
                    Thread thread = new Thread(work, name);
                    thread.setDaemon(true);
                    return thread;
                });
        threads.allowCoreThreadTimeOut(true);
        threads.setRejectedExecutionHandler((work, full) -> {
            refused.incrementAndGet();
            throw new java.util.concurrent.RejectedExecutionException();
        });
    }

    /** Lets the work be done soon; false when there is too much of it, and then it is not. */
    public boolean offer(Runnable work) {
        try {
            threads.execute(work);
            return true;
        } catch (java.util.concurrent.RejectedExecutionException full) {
            return false;
        }
    }

    int waiting() {
        return threads.getQueue().size();
    }

    long refused() {
        return refused.get();
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}
