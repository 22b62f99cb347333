package io.tollgate.e2e.harness;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.locks.LockSupport;

/** Waits for a condition within a bound. */
public final class Await {
    private static final long PAUSE_NANOS = 10_000_000;

    private Await() {}

    /** Returns once the condition holds; a condition that throws does not hold yet. Fails with the last reason after {@code atMost}. */
    public static void until(String condition, Duration atMost, Callable<Boolean> holds) {
        long deadlineNanos = System.nanoTime() + atMost.toNanos();
        Throwable last = null;
        while (true) {
            try {
                if (holds.call()) {
                    return;
                }
            } catch (Exception | AssertionError e) {
                last = e;
            }
            if (System.nanoTime() > deadlineNanos) {
                throw new AssertionError("not within " + atMost.toMillis() + " ms: " + condition, last);
            }
            LockSupport.parkNanos(PAUSE_NANOS);
        }
    }

    /** Returns once the assertion passes; fails as it did last after {@code atMost}. */
    public static void untilAsserted(Duration atMost, Assertion assertion) {
        until("assertion", atMost, () -> {
            assertion.check();
            return true;
        });
    }

    /** Something that throws while it is not so. */
    @FunctionalInterface
    public interface Assertion {
        void check() throws Exception;
    }
}
