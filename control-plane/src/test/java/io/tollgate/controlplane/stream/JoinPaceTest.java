package io.tollgate.controlplane.stream;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JoinPaceTest {
    private static final long SECOND = 1_000_000_000L;

    private static int admitted(JoinPace pace, long nowNanos) {
        int admitted = 0;
        while (pace.admits(nowNanos)) {
            admitted++;
        }
        return admitted;
    }

    @Test
    void attempts_atOnce_areTheBurstAndThenSoManyASecond() {
        JoinPace pace = new JoinPace();
        long start = -7 * SECOND;

        assertThat(admitted(pace, start)).isEqualTo(JoinPace.BURST);
        assertThat(admitted(pace, start + SECOND)).isEqualTo(JoinPace.PER_SECOND);
        assertThat(admitted(pace, start + SECOND + SECOND / JoinPace.PER_SECOND))
                .isOne();
        assertThat(admitted(pace, start + 1_000 * SECOND)).isEqualTo(JoinPace.BURST);
    }
}
