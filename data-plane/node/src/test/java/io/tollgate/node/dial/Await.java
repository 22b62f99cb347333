package io.tollgate.node.dial;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for a condition, with a bound. */
public final class Await {
    private static final long BOUND_NANOS = 20_000_000_000L;
    private static final long LOOK_AGAIN_NANOS = 2_000_000L;

    private Await() {}

    /** Returns when the condition holds; fails with this sentence when it does not within twenty seconds. */
    public static void until(String sentence, BooleanSupplier condition) {
        long startNanos = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - startNanos > BOUND_NANOS) {
                throw new AssertionError("not within 20 s: " + sentence);
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
    }
}
