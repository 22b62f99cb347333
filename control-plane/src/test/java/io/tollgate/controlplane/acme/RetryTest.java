package io.tollgate.controlplane.acme;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RetryTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

    private final Random random = new Random(7);

    private long minutes(int failures) {
        return Duration.between(NOW, Retry.at(NOW, failures, null, random)).toMinutes();
    }

    @Test
    void at_failuresInARow_doublesUpToADayAndAddsAtMostAFifth() {
        long[] expected = {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1_024, 1_440, 1_440};
        for (int failures = 0; failures < expected.length; failures++) {
            assertThat(minutes(failures))
                    .as("after %d failures", failures)
                    .isBetween(expected[failures], expected[failures] * 6 / 5);
        }
        assertThat(minutes(Integer.MAX_VALUE)).isBetween(1_440L, 1_728L);
    }

    @Test
    void at_serverThatSaysWhen_isNotAskedBefore() {
        Instant later = NOW.plus(Duration.ofDays(3));

        assertThat(Retry.at(NOW, 0, later, random)).isEqualTo(later);
        assertThat(Retry.at(NOW, 0, NOW.minusSeconds(1), random)).isAfter(NOW.plusSeconds(59));
    }

    @Test
    void at_certificatesThatFailedTogether_areTriedApart() {
        assertThat(Retry.at(NOW, 5, null, random)).isNotEqualTo(Retry.at(NOW, 5, null, random));
    }
}
