package io.tollgate.node.credential;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.token.TokenHasher.Digest;
import io.tollgate.node.credential.ReplayWindow.Answer;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ReplayWindowTest {
    private static Digest digest(long w0, long w1) {
        return new Digest(w0, w1, 0, 0);
    }

    @Test
    void once_isFresh_andThenSeenUntilItsEnd() {
        ReplayWindow window = new ReplayWindow(8);
        assertThat(window.offer(digest(1, 1), 10, 5)).isEqualTo(Answer.FRESH);
        assertThat(window.offer(digest(1, 1), 10, 9)).isEqualTo(Answer.SEEN);
        assertThat(window.offer(digest(1, 2), 10, 9)).isEqualTo(Answer.FRESH);
        assertThat(window.offer(digest(9, 1), 10, 9)).as("the same slot").isEqualTo(Answer.FRESH);
        assertThat(window.offer(digest(1, 1), 20, 10)).isEqualTo(Answer.FRESH);
        assertThat(window.offer(digest(0, 0), 20, 10)).isEqualTo(Answer.FRESH);
        assertThat(window.offer(digest(0, 0), 20, 10)).isEqualTo(Answer.SEEN);
    }

    @Test
    void full_takesNothingMore_forgetsNothing_andGoesOnWhenTimePasses() {
        ReplayWindow window = new ReplayWindow(16);
        int taken = 0;
        while (window.offer(digest(taken, 7), 100, 50) == Answer.FRESH) {
            taken++;
        }
        assertThat(taken).isBetween(window.liveMax(), 16 - 1);
        assertThat(window.offer(digest(99, 7), 100, 50)).isEqualTo(Answer.FULL);
        for (int i = 0; i < taken; i++) {
            assertThat(window.offer(digest(i, 7), 100, 50)).isEqualTo(Answer.SEEN);
        }
        assertThat(window.offer(digest(99, 7), 200, 100)).isEqualTo(Answer.FRESH);
    }

    /** Against a map that forgets nothing by itself. */
    @Test
    void randomOffers_areAnsweredAsByAMap() {
        Random random = Seed.random(ReplayWindowTest.class);
        ReplayWindow window = new ReplayWindow(256);
        Map<Digest, Integer> expected = new HashMap<>();
        int now = 1_000;
        for (int i = 0; i < 100_000; i++) {
            now += random.nextInt(20) == 0 ? 1 : 0;
            Digest digest = digest(random.nextInt(300), 1 + random.nextInt(3));
            int end = now + 1 + random.nextInt(5);
            Answer answer = window.offer(digest, end, now);
            int known = expected.getOrDefault(digest, 0);
            if (known > now) {
                assertThat(answer).as("step %d", i).isEqualTo(Answer.SEEN);
            } else if (answer == Answer.FRESH) {
                expected.put(digest, end);
            } else {
                int at = now;
                assertThat(answer).as("step %d", i).isEqualTo(Answer.FULL);
                assertThat(expected.values().stream()
                                .filter(until -> until > at)
                                .count())
                        .as("step %d", i)
                        .isGreaterThanOrEqualTo(window.liveMax());
            }
        }
    }
}
