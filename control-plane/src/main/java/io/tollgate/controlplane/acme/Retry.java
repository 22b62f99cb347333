package io.tollgate.controlplane.acme;

import java.time.Duration;
import java.time.Instant;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** When an order that failed is tried again: after a minute, then after twice as long each time, up to a day. Immutable functions. */
final class Retry {
    private static final Duration FIRST = Duration.ofMinutes(1);
    private static final Duration LAST = Duration.ofDays(1);

    /** Beyond this many failures the wait is the longest. */
    private static final int DOUBLINGS_MAX = 11;

    /** Certificates that failed together are not tried together again: up to this part of the wait is added. */
    private static final double JITTER = 0.2;

    private Retry() {}

    /**
     * When to try again.
     *
     * @param failures in a row before this one
     * @param notBefore when the server wants to be asked again; null: it did not say
     */
    static Instant at(Instant now, int failures, @Nullable Instant notBefore, RandomGenerator random) {
        Duration wait = FIRST.multipliedBy(1L << Math.min(failures, DOUBLINGS_MAX));
        if (wait.compareTo(LAST) > 0) {
            wait = LAST;
        }
        Instant next = now.plus(wait).plusMillis((long) (wait.toMillis() * JITTER * random.nextDouble()));
        return notBefore != null && notBefore.isAfter(next) ? notBefore : next;
    }
}
