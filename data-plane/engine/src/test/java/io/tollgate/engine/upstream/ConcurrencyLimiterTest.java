package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ConcurrencyLimiterTest {
    private static final LimitRules ADAPTIVE = new LimitRules(200, 5, true, 0, 1, 1);
    private static final long MILLIS = 1_000_000;

    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();

    @Test
    void tryAcquire_fixed_givesSoManyPlaces() {
        LimitRules two = new LimitRules(2, 2, false, 0, 1, 1);
        assertThat(limiter.tryAcquire(two)).isTrue();
        assertThat(limiter.tryAcquire(two)).isTrue();
        assertThat(limiter.tryAcquire(two)).isFalse();
        limiter.release();
        assertThat(limiter.tryAcquire(two)).isTrue();
        assertThat(limiter.tryAcquire(new LimitRules(3, 3, false, 0, 1, 1)))
                .as("rules changed")
                .isTrue();
        assertThat(limiter.inFlight()).isEqualTo(3);
    }

    @Test
    void learn_latency_movesTheLimitBetweenItsBounds() {
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(20);
        long now = run(0, 400, 10 * MILLIS);
        assertThat(limiter.limit(ADAPTIVE))
                .as("steady latency lifts it to its bound")
                .isEqualTo(200);
        now = run(now, 20, 100 * MILLIS);
        int slowed = limiter.limit(ADAPTIVE);
        assertThat(slowed).as("ten times the latency lowers it").isLessThan(100);
        run(now, 100, 10 * MILLIS);
        assertThat(limiter.limit(ADAPTIVE)).as("and it comes back").isGreaterThan(slowed);
    }

    @Test
    void learn_drops_lowerItToItsLeast() {
        long now = 0;
        for (int i = 0; i < 100; i++) {
            now += ConcurrencyLimiter.WINDOW_NANOS;
            limiter.learn(ADAPTIVE, -1, true, now);
        }
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(5);
    }

    @Test
    void learn_idle_saysNothing() {
        long now = 0;
        for (int i = 0; i < 1_000; i++) {
            now += ConcurrencyLimiter.WINDOW_NANOS;
            limiter.learn(ADAPTIVE, MILLIS, false, now);
        }
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(20);
    }

    /** So many windows with all places taken and calls that took so long. */
    private long run(long fromNanos, int windows, long latencyNanos) {
        long now = fromNanos;
        for (int window = 0; window < windows; window++) {
            while (limiter.tryAcquire(ADAPTIVE)) {
                // Every place is taken.
            }
            now += ConcurrencyLimiter.WINDOW_NANOS;
            for (int i = 0; i < ConcurrencyLimiter.SAMPLES_MIN; i++) {
                limiter.learn(ADAPTIVE, latencyNanos, false, now);
            }
            while (limiter.inFlight() > 0) {
                limiter.release();
            }
        }
        return now;
    }
}
