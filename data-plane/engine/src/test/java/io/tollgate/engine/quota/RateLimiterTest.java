package io.tollgate.engine.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

class RateLimiterTest {
    private static final long SECOND = 1_000_000_000;

    private final CounterTable counters = new CounterTable();
    private final RateDecision decision = new RateDecision();

    @Test
    void tryAcquire_burstSpent_refusesAndSaysWhen() {
        RateLimiter limiter = limiter(new RateWindow(60, 60, 2));
        assertThat(take(limiter, 0)).isTrue();
        assertThat(decision.remaining()).isEqualTo(1);
        assertThat(take(limiter, 0)).isTrue();
        assertThat(decision.headerValue()).isEqualTo("\"gold\";r=0;t=2");
        assertThat(take(limiter, 0)).isFalse();
        assertThat(decision.allowed()).isFalse();
        assertThat(decision.limit()).isEqualTo(60);
        assertThat(decision.retryAfterSeconds()).isEqualTo(1);
        assertThat(take(limiter, SECOND)).isTrue();
        assertThat(take(limiter, SECOND)).isFalse();
        assertThat(limiter.policyHeader()).isEqualTo("\"gold\";q=60;w=60");
    }

    @Test
    void tryAcquire_severalWindows_bindsTheTightest() {
        RateLimiter limiter = limiter(new RateWindow(5, 1, 5), new RateWindow(6, 60, 6));
        for (int i = 0; i < 5; i++) {
            assertThat(take(limiter, 0)).isTrue();
        }
        assertThat(decision.windowName()).isEqualTo("\"gold-1s\"");
        assertThat(take(limiter, 2 * SECOND)).isTrue();
        assertThat(decision.windowName()).isEqualTo("\"gold-60s\"");
        assertThat(take(limiter, 2 * SECOND)).isFalse();
        assertThat(decision.retryAfterSeconds()).isEqualTo(8);
        assertThat(limiter.policyHeader()).isEqualTo("\"gold-1s\";q=5;w=1, \"gold-60s\";q=6;w=60");
    }

    @Test
    void tryAcquire_refusedByLaterWindow_givesBackWhatEarlierTook() {
        RateLimiter limiter = limiter(new RateWindow(100, 1, 100), new RateWindow(1, 60, 1));
        take(limiter, 0);
        for (int i = 0; i < 1000; i++) {
            assertThat(take(limiter, 0)).isFalse();
        }
        RateLimiter fast = limiter(new RateWindow(100, 1, 100));
        for (int i = 0; i < 99; i++) {
            assertThat(take(fast, 0)).isTrue();
        }
        assertThat(take(fast, 0)).isFalse();
    }

    @Test
    void giveBack_acquired_canBeTakenAgain() {
        RateLimiter limiter = limiter(new RateWindow(1, 60, 1));
        assertThat(take(limiter, 0)).isTrue();
        limiter.giveBack("acme", SubjectKind.CONSUMER, 0);
        assertThat(take(limiter, 0)).isTrue();
        assertThat(take(limiter, 0)).isFalse();
    }

    @Test
    void tryAcquire_otherSubjectsAndKinds_countApart() {
        RateLimiter limiter = limiter(new RateWindow(1, 60, 1));
        assertThat(take(limiter, 0)).isTrue();
        assertThat(limiter.tryAcquire("umbrella", SubjectKind.CONSUMER, 0, decision))
                .isTrue();
        assertThat(limiter.tryAcquire("acme", SubjectKind.ADDRESS, 0, decision)).isTrue();
        assertThat(limiter.tryAcquire("acme", SubjectKind.ADDRESS, 0, decision)).isFalse();
    }

    @Test
    void adopt_sameOwnerAndWindow_keepsTheCount() {
        RateLimiter before = limiter(new RateWindow(10, 60, 10));
        for (int i = 0; i < 10; i++) {
            take(before, 0);
        }
        assertThat(take(limiter(new RateWindow(10, 60, 10)), 0)).isFalse();
        assertThat(take(limiter(new RateWindow(5, 60, 5)), 0)).isFalse();
        assertThat(take(limiter(new RateWindow(10, 61, 10)), 0)).isTrue();
        assertThat(take(before, 6 * SECOND)).as("as the same state").isTrue();
    }

    @Test
    void tryAcquire_idleForItsWindow_isForgotten() {
        RateLimiter limiter = limiter(new RateWindow(10, 60, 10));
        SubjectMeters meters = counters.adopt(new CounterKey("owner", 60));
        for (int i = 0; i < 100; i++) {
            limiter.tryAcquire("subject" + i, SubjectKind.CONSUMER, 0, decision);
        }
        assertThat(meters.size()).isEqualTo(100);
        limiter.tryAcquire("late", SubjectKind.CONSUMER, 59 * SECOND, decision);
        assertThat(meters.size()).isEqualTo(101);
        limiter.tryAcquire("later", SubjectKind.CONSUMER, 63 * SECOND, decision);
        assertThat(meters.size()).isEqualTo(2);
    }

    @Test
    void tryAcquire_floodOfAddresses_isBounded() {
        RateLimiter limiter = limiter(new RateWindow(10, 60, 10));
        SubjectMeters meters = counters.adopt(new CounterKey("owner", 60));
        for (int i = 0; i < SubjectMeters.ADDRESSES_MAX + 5_000; i++) {
            limiter.tryAcquire("10.0." + i, SubjectKind.ADDRESS, 0, decision);
        }
        assertThat(meters.size()).isLessThanOrEqualTo(SubjectMeters.ADDRESSES_MAX);
    }

    /** Held against a list of when requests were let through: never more in any stretch than the rule says, and never fewer. */
    @Test
    void tryAcquire_randomArrivals_agreesWithLeakyBucketAndNeverExceedsAnyStretch() {
        Random random = Seed.random(RateLimiterTest.class);
        for (int round = 0; round < 300; round++) {
            long requests = 1L + random.nextInt(50);
            RateWindow window = new RateWindow(requests, 1 + random.nextInt(20), 1 + random.nextInt((int) requests));
            RateLimiter limiter = RateLimiter.of(new RateLimit("round" + round, "r", List.of(window)), counters);
            // Nanosecond clocks may start anywhere.
            long now = random.nextLong() / 4;
            List<Long> admitted = new ArrayList<>();
            long level = 0;
            long last = now;
            for (int i = 0; i < 400; i++) {
                now += random.nextInt(3) == 0 ? 0 : (long) (random.nextDouble() * 2 * window.intervalNanos());
                level = Math.max(0, level - (now - last));
                last = now;
                boolean expected = level + window.intervalNanos() <= window.burst() * window.intervalNanos();
                boolean actual = limiter.tryAcquire("s", SubjectKind.CONSUMER, now, decision);
                assertThat(actual)
                        .as("round %d, request %d, %s", round, i, window)
                        .isEqualTo(expected);
                if (actual) {
                    level += window.intervalNanos();
                    admitted.add(now);
                } else {
                    long wait = level + window.intervalNanos() - window.burst() * window.intervalNanos();
                    assertThat(decision.retryAfterSeconds() * SECOND)
                            .as("enough")
                            .isGreaterThanOrEqualTo(wait);
                    assertThat(decision.retryAfterSeconds() * SECOND)
                            .as("not too much")
                            .isLessThan(Math.max(1, wait) + SECOND);
                }
            }
            assertNoStretchExceeds(window, admitted);
        }
    }

    @Test
    void tryAcquire_manyThreads_admitsExactlyTheBurst() throws Exception {
        int threads = 8;
        long burst = 10_000;
        RateLimiter limiter = limiter(new RateWindow(burst, 86_400, burst));
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<Long>> counts = new ArrayList<>();
            for (int i = 0; i < threads; i++) {
                counts.add(pool.submit(() -> {
                    RateDecision own = new RateDecision();
                    long admitted = 0;
                    start.await();
                    for (int n = 0; n < burst; n++) {
                        admitted += limiter.tryAcquire("acme", SubjectKind.CONSUMER, 0, own) ? 1 : 0;
                    }
                    return admitted;
                }));
            }
            start.countDown();
            long total = 0;
            for (Future<Long> count : counts) {
                total += count.get();
            }
            assertThat(total).isEqualTo(burst);
        } finally {
            pool.shutdownNow();
        }
    }

    private static void assertNoStretchExceeds(RateWindow window, List<Long> admitted) {
        for (int from = 0; from < admitted.size(); from++) {
            for (int to = from; to < admitted.size(); to++) {
                long length = admitted.get(to) - admitted.get(from);
                assertThat((long) to - from + 1).isLessThanOrEqualTo(window.burst() + length / window.intervalNanos());
            }
        }
    }

    private RateLimiter limiter(RateWindow... windows) {
        return RateLimiter.of(new RateLimit("owner", "gold", List.of(windows)), counters);
    }

    private boolean take(RateLimiter limiter, long nowNanos) {
        return limiter.tryAcquire("acme", SubjectKind.CONSUMER, nowNanos, decision);
    }
}
