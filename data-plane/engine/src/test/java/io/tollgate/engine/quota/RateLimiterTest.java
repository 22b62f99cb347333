package io.tollgate.engine.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.LimitedCall;
import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
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
    private final Subject subjects = new Subject();

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
        limiter.giveBack(LimitedCall.of("acme"), subjects, 0);
        assertThat(take(limiter, 0)).isTrue();
        assertThat(take(limiter, 0)).isFalse();
    }

    @Test
    void giveBack_whatHasDrained_isNotGivenTwice() {
        RateLimiter limiter = limiter(new RateWindow(10, 10, 10));
        for (int i = 0; i < 10; i++) {
            assertThat(take(limiter, 0)).isTrue();
        }
        for (int i = 0; i < 10; i++) {
            assertThat(take(limiter, 10 * SECOND)).isTrue();
        }
        for (int i = 0; i < 10; i++) {
            limiter.giveBack(LimitedCall.of("acme"), subjects, 10 * SECOND);
        }
        assertThat(take(limiter, 10 * SECOND)).as("an eleventh at once").isFalse();
    }

    @Test
    void giveBack_partlyDrained_givesTheRest() {
        RateLimiter limiter = limiter(new RateWindow(10, 10, 1));
        assertThat(take(limiter, 0)).isTrue();
        limiter.giveBack(LimitedCall.of("acme"), subjects, SECOND / 4);
        assertThat(take(limiter, SECOND / 4 - 1)).isFalse();
        assertThat(take(limiter, SECOND / 4)).isTrue();
    }

    @Test
    void tryAcquire_refusedByAnyWindow_takesNothing() {
        RateLimiter limiter = limiter(new RateWindow(1, 60, 1), new RateWindow(100, 1, 100));
        assertThat(take(limiter, 0)).isTrue();
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
    void tryAcquire_floodUnderAnotherLengthOfWindow_refusesNobodyElse() {
        CounterTable small = new CounterTable(512);
        RateSubject subject = new RateSubject(List.of(RateSubject.Part.HEADER), List.of("x-tenant"), 32, 64);
        RateLimiter daily =
                RateLimiter.of(new RateLimit("daily", "daily", subject, List.of(new RateWindow(1, 86_400, 1))), small);
        RateLimiter quick =
                RateLimiter.of(new RateLimit("quick", "quick", subject, List.of(new RateWindow(20, 1, 20))), small);
        LimitedCall call = LimitedCall.from("203.0.113.1");
        for (int i = 0; i < 5_000; i++) {
            daily.tryAcquire(call.with("x-tenant", "flood" + i), subjects, 0, decision);
        }
        assertThat(small.forgotten()).isPositive();
        for (int i = 0; i < 200; i++) {
            assertThat(quick.tryAcquire(call.with("x-tenant", "good" + i), subjects, 0, decision))
                    .isTrue();
        }
    }

    @Test
    void tryAcquire_otherSubjects_countApart() {
        RateLimiter limiter = limiter(new RateWindow(1, 60, 1));
        assertThat(take(limiter, 0)).isTrue();
        assertThat(take(limiter, LimitedCall.of("umbrella"))).isTrue();
        assertThat(take(limiter, 0)).isFalse();
    }

    @Test
    void tryAcquire_sameOwnerAndWindow_keepsTheCount() {
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
    void tryAcquire_byParts_countsTogetherWhatIsAlikeInAllOfThem() {
        RateSubject subject = new RateSubject(
                List.of(RateSubject.Part.CREDENTIAL, RateSubject.Part.ROUTE, RateSubject.Part.HEADER),
                List.of("x-tenant"),
                32,
                64);
        RateLimiter limiter =
                RateLimiter.of(new RateLimit("owner", "gold", subject, List.of(new RateWindow(1, 60, 1))), counters);
        LimitedCall call = LimitedCall.of("acme");
        assertThat(take(limiter, call)).isTrue();
        assertThat(take(limiter, call.with("plan", "silver"))).as("no part").isFalse();
        assertThat(take(limiter, call.with("credential", "other"))).isTrue();
        assertThat(take(limiter, call.with("route", "other"))).isTrue();
        assertThat(take(limiter, call.with("x-tenant", "other"))).isTrue();
        assertThat(take(limiter, call.with("x-tenant", "other"))).isFalse();
        limiter.giveBack(call.with("x-tenant", "other"), subjects, 0);
        assertThat(take(limiter, call.with("x-tenant", "other"))).isTrue();
    }

    @Test
    void tryAcquire_byAddress_countsTheNetwork() {
        RateLimiter limiter = RateLimiter.of(
                new RateLimit(
                        "owner",
                        "gold",
                        new RateSubject(List.of(RateSubject.Part.ADDRESS), List.of(), 24, 61),
                        List.of(new RateWindow(1, 60, 1))),
                counters);
        assertThat(take(limiter, LimitedCall.from("203.0.113.1"))).isTrue();
        assertThat(take(limiter, LimitedCall.from("203.0.113.255"))).isFalse();
        assertThat(take(limiter, LimitedCall.from("203.0.112.1"))).isTrue();
        assertThat(take(limiter, LimitedCall.from("2001:db8:0:7::1"))).isTrue();
        assertThat(take(limiter, LimitedCall.from("2001:db8:0:0:ffff::1"))).isFalse();
        assertThat(take(limiter, LimitedCall.from("2001:db8:0:8::1"))).isTrue();
    }

    @Test
    void tryAcquire_byConsumer_anonymousCallersByTheirAddress() {
        RateLimiter limiter = limiter(new RateWindow(1, 60, 1));
        assertThat(take(limiter, LimitedCall.from("203.0.113.1"))).isTrue();
        assertThat(take(limiter, LimitedCall.from("203.0.113.2"))).isTrue();
        assertThat(take(limiter, LimitedCall.from("203.0.113.2"))).isFalse();
        assertThat(take(limiter, LimitedCall.from("2001:db8::1"))).isTrue();
        assertThat(take(limiter, LimitedCall.from("2001:db8::2")))
                .as("one subscriber")
                .isFalse();
        assertThat(take(limiter, new LimitedCall(Map.of(), new byte[0])))
                .as("not known")
                .isTrue();
        assertThat(take(limiter, new LimitedCall(Map.of(), new byte[0]))).isFalse();
    }

    /** Held against a list of when requests were let through: never more in any stretch than the rule says, and never fewer. */
    @Test
    void tryAcquire_randomArrivals_agreesWithLeakyBucketAndNeverExceedsAnyStretch() {
        Random random = Seed.random(RateLimiterTest.class);
        for (int round = 0; round < 300; round++) {
            long requests = 1L + random.nextInt(50);
            RateWindow window = new RateWindow(requests, 1 + random.nextInt(20), 1 + random.nextInt((int) requests));
            RateLimiter limiter =
                    RateLimiter.of(new RateLimit("round" + round, "r", RateSubject.DEFAULT, List.of(window)), counters);
            // Nanosecond clocks may start anywhere.
            long now = random.nextLong() / 4;
            LimitedCall call = LimitedCall.of("s");
            List<Long> admitted = new ArrayList<>();
            long level = 0;
            long last = now;
            for (int i = 0; i < 400; i++) {
                now += random.nextInt(3) == 0 ? 0 : (long) (random.nextDouble() * 2 * window.intervalNanos());
                level = Math.max(0, level - (now - last));
                last = now;
                boolean expected = level + window.intervalNanos() <= window.burst() * window.intervalNanos();
                boolean actual = limiter.tryAcquire(call, subjects, now, decision);
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
                    Subject ownSubject = new Subject();
                    LimitedCall call = LimitedCall.of("acme");
                    long admitted = 0;
                    start.await();
                    for (int n = 0; n < burst; n++) {
                        admitted += limiter.tryAcquire(call, ownSubject, 0, own) ? 1 : 0;
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
        return RateLimiter.of(new RateLimit("owner", "gold", RateSubject.DEFAULT, List.of(windows)), counters);
    }

    private boolean take(RateLimiter limiter, long nowNanos) {
        return limiter.tryAcquire(LimitedCall.of("acme"), subjects, nowNanos, decision);
    }

    private boolean take(RateLimiter limiter, LimitedCall call) {
        return limiter.tryAcquire(call, subjects, 0, decision);
    }
}
