package io.tollgate.node.dial;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class BackoffTest {
    @Test
    void nextDelayMillis_manyTries_growsWithinItsBounds() {
        long seed = new Random().nextLong();
        System.out.println("seed " + seed);
        Backoff backoff = new Backoff(new SplittableRandom(seed));
        assertThat(backoff.nextDelayMillis()).isBetween(Backoff.DELAY_MILLIS_MIN, 3 * Backoff.DELAY_MILLIS_MIN);
        long longest = 0;
        for (int i = 0; i < 1_000; i++) {
            long delayMillis = backoff.nextDelayMillis();
            assertThat(delayMillis).isBetween(Backoff.DELAY_MILLIS_MIN, Backoff.DELAY_MILLIS_MAX);
            longest = Math.max(longest, delayMillis);
        }
        assertThat(longest).isGreaterThan(Backoff.DELAY_MILLIS_MAX / 2);
    }

    @Test
    void reset_afterLongDelays_shortAgain() {
        Backoff backoff = new Backoff(new SplittableRandom(1));
        backoff.longestDelayMillis();
        backoff.reset();
        assertThat(backoff.nextDelayMillis()).isLessThanOrEqualTo(3 * Backoff.DELAY_MILLIS_MIN);
    }

    @Test
    void longestDelayMillis_always_atLeastHalfTheBound() {
        assertThat(new Backoff(new SplittableRandom(1)).longestDelayMillis())
                .isBetween(Backoff.DELAY_MILLIS_MAX / 2, Backoff.DELAY_MILLIS_MAX);
    }
}
