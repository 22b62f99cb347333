package io.tollgate.controlplane;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for something that happens elsewhere, for a bounded time. */
public final class Await {
    private static final long LOOK_NANOS = Duration.ofMillis(5).toNanos();

    private Await() {}

    /** Returns once {@code condition} holds; fails when it does not within the time. */
    public static void until(String what, Duration atMost, BooleanSupplier condition) {
        long deadline = System.nanoTime() + atMost.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError("not within " + atMost + ": " + what);
            }
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
