package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ConcurrencyLimiterTest {
    private static final LimitRules ADAPTIVE = new LimitRules(1_000, 1, true, 0, 1, 1);

    private final ConcurrencyLimiter limiter = new ConcurrencyLimiter();
    private final Random random = Seed.random(ConcurrencyLimiterTest.class);

    private SaturatedService service(int workers) {
        return new SaturatedService(limiter, ADAPTIVE, workers, random);
    }

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

    /** The knee is where every worker is busy: more calls than that only wait for each other. */
    @ParameterizedTest
    @ValueSource(ints = {4, 10, 50, 200})
    void learn_latencyGrowsWithTheLoad_limitSettlesNearTheKneeAndStays(int workers) {
        SaturatedService service = service(workers);
        service.run(30);
        for (int minute = 0; minute < 5; minute++) {
            service.run(60);
            assertThat(service.usualLimit()).as("minute %d", minute).isBetween(workers, 2 * workers + 12);
            assertThat(service.callsPerSecond())
                    .as("of what the service can do")
                    .isGreaterThan(0.9 * service.callsPerSecondAtMost());
        }
    }

    @Test
    void learn_constantLatency_growsToItsMostAndStays() {
        SaturatedService service = service(10_000);
        service.run(10);
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(1_000);
        for (int second = 0; second < 300; second++) {
            service.run(1);
            assertThat(service.leastLimit()).as("second %d", second).isGreaterThan(900);
        }
    }

    @Test
    void learn_outage_fallsToItsLeast_andRecovers() {
        SaturatedService service = service(50);
        service.run(60);
        int before = service.usualLimit();
        service.fail(true);
        service.run(30);
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(1);
        service.fail(false);
        service.run(30);
        service.run(30);
        assertThat(service.usualLimit()).isBetween(50, 2 * before);
    }

    @Test
    void learn_serviceThatBecomesSlowerForGood_isNotStarved() {
        SaturatedService service = service(50);
        service.run(60);
        service.serviceMillis(30);
        service.run(120);
        service.run(60);
        assertThat(service.usualLimit()).isBetween(50, 112);
        service.serviceMillis(10);
        service.run(120);
        service.run(60);
        assertThat(service.usualLimit()).isBetween(50, 112);
    }

    @Test
    void learn_fewCallsDropped_sayNothing() {
        SaturatedService service = service(10_000);
        service.dropEvery(50);
        service.run(60);
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(1_000);
    }

    @Test
    void learn_aTenthOfTheCallsDropped_lowersIt() {
        SaturatedService service = service(10_000);
        service.run(10);
        service.dropEvery(5);
        service.run(60);
        assertThat(limiter.limit(ADAPTIVE)).isLessThan(100);
    }

    @Test
    void learn_idle_saysNothing() {
        long nowNanos = 0;
        for (int i = 0; i < 10_000; i++) {
            nowNanos += 50_000_000;
            assertThat(limiter.tryAcquire(ADAPTIVE)).isTrue();
            limiter.learn(ADAPTIVE, 1_000_000L * (1 + random.nextInt(20)), false, nowNanos);
            limiter.release();
        }
        assertThat(limiter.limit(ADAPTIVE)).isEqualTo(20);
    }

    @Test
    void limit_ofOtherRules_isWithinTheirBounds() {
        service(10_000).run(10);
        assertThat(limiter.limit(new LimitRules(100, 50, true, 0, 1, 1))).isEqualTo(100);
        assertThat(limiter.limit(new LimitRules(3_000, 2_000, true, 0, 1, 1))).isEqualTo(2_000);
        assertThat(limiter.limit(new LimitRules(7, 7, false, 0, 1, 1))).isEqualTo(7);
    }
}
