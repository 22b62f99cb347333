package io.tollgate.engine.quota;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class MeterTableTest {
    private static final int SMALLEST = MeterTable.SEGMENTS * MeterTable.BUCKET;
    private static final long INTERVAL = 1_000;

    @Test
    void tryTake_moreSubjectsThanPlaces_staysWithinItsBound() {
        MeterTable table = new MeterTable(1 << 14);
        Random random = Seed.random(MeterTableTest.class);
        for (int i = 0; i < 200_000; i++) {
            table.tryTake(random.nextLong(), random.nextLong(), INTERVAL, 10 * INTERVAL, 0);
        }
        assertThat(table.cells()).isLessThanOrEqualTo(1 << 14);
        assertThat(table.forgotten()).isPositive();
    }

    @Test
    void tryTake_subjectsThatOweNothing_needNoMorePlaces() {
        MeterTable table = new MeterTable(1 << 20);
        Random random = Seed.random(MeterTableTest.class);
        for (int i = 0; i < 200_000; i++) {
            // Ten of them owe something at a time.
            table.tryTake(random.nextLong(), random.nextLong(), INTERVAL, 10 * INTERVAL, i * INTERVAL / 10);
        }
        assertThat(table.cells()).isLessThanOrEqualTo(2 * SMALLEST);
        assertThat(table.forgotten()).isZero();
    }

    /** A call that was let through. */
    private record Take(int who, long at) {}

    /** Whoever is let through by the table would be by one that forgets nobody. */
    @Test
    void tryTake_tooManySubjects_allowsNobodyMoreThanItsLimit() {
        Random random = Seed.random(MeterTableTest.class);
        for (int round = 0; round < 20; round++) {
            MeterTable table = new MeterTable(SMALLEST);
            long[][] subjects = new long[3 * SMALLEST][];
            for (int i = 0; i < subjects.length; i++) {
                subjects[i] = new long[] {random.nextLong(), random.nextLong()};
            }
            Map<Integer, Long> tats = new HashMap<>();
            List<Take> takes = new ArrayList<>();
            long now = random.nextLong() / 4;
            long tolerance = (1 + random.nextInt(20)) * INTERVAL;
            int admitted = 0;
            for (int i = 0; i < 50_000; i++) {
                now += random.nextInt(2);
                // Some call far more than others.
                int who = (int) (subjects.length * Math.pow(random.nextDouble(), 4));
                long owed = table.tryTake(subjects[who][0], subjects[who][1], INTERVAL, tolerance, now);
                long exact = Math.max(0, tats.getOrDefault(who, now) - now);
                if (owed < 0 && !takes.isEmpty() && random.nextInt(3) == 0) {
                    // Somebody gets back what has not drained of a call.
                    Take back = takes.remove(takes.size() - 1 - random.nextInt(Math.min(100, takes.size())));
                    long left = INTERVAL - (now - back.at);
                    if (left > 0) {
                        table.giveBack(subjects[back.who][0], subjects[back.who][1], left);
                        tats.merge(back.who, -left, Long::sum);
                    }
                }
                if (owed >= 0) {
                    admitted++;
                    takes.add(new Take(who, now));
                    assertThat(exact).as("round %d, call %d", round, i).isLessThanOrEqualTo(tolerance - INTERVAL);
                    tats.put(who, now + exact + INTERVAL);
                    assertThat(owed).isGreaterThanOrEqualTo(exact + INTERVAL);
                }
            }
            assertThat(admitted).as("not all are refused either").isPositive();
            assertThat(table.forgotten()).isPositive();
        }
    }

    @Test
    void tryTake_floodOfNewcomers_doesNotResetWhoHasSpentAll() {
        MeterTable table = new MeterTable(SMALLEST);
        long tolerance = 100 * INTERVAL;
        for (int i = 0; i < 100; i++) {
            assertThat(table.tryTake(7, 7, INTERVAL, tolerance, 0)).isPositive();
        }
        Random random = Seed.random(MeterTableTest.class);
        for (int i = 0; i < 50_000; i++) {
            table.tryTake(random.nextLong() >>> 7, random.nextLong(), INTERVAL, tolerance, 0);
            assertThat(table.tryTake(7, 7, INTERVAL, tolerance, 0)).isNegative();
        }
    }

    @Test
    void tryTake_manyThreadsWhileItGrowsAndForgets_admitsNobodyMoreThanItsBurst() throws Exception {
        int threads = 4;
        int subjects = 2_000;
        int burst = 50;
        MeterTable table = new MeterTable(SMALLEST);
        long[] high = new Random(1).longs(subjects).toArray();
        long[] low = new Random(2).longs(subjects).toArray();
        AtomicLong[] admitted = new AtomicLong[subjects];
        for (int i = 0; i < subjects; i++) {
            admitted[i] = new AtomicLong();
        }
        ExecutorService pool = Executors.newFixedThreadPool(threads);
        try {
            CountDownLatch start = new CountDownLatch(1);
            List<Future<?>> ends = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                Random random = new Random(t);
                ends.add(pool.submit(() -> {
                    start.await();
                    for (int n = 0; n < 150_000; n++) {
                        int who = (int) (subjects * Math.pow(random.nextDouble(), 3));
                        if (table.tryTake(high[who], low[who], INTERVAL, burst * INTERVAL, 0) >= 0) {
                            admitted[who].incrementAndGet();
                        }
                    }
                    return null;
                }));
            }
            start.countDown();
            for (Future<?> end : ends) {
                end.get();
            }
        } finally {
            pool.shutdownNow();
        }
        for (int i = 0; i < subjects; i++) {
            assertThat(admitted[i].get()).as("subject %d", i).isLessThanOrEqualTo(burst);
        }
        assertThat(table.forgotten()).isPositive();
    }

    @Test
    void giveBack_whatWasTaken_canBeTakenAgain() {
        MeterTable table = new MeterTable(SMALLEST);
        assertThat(table.tryTake(0, 0, INTERVAL, INTERVAL, 0)).isEqualTo(INTERVAL);
        assertThat(table.tryTake(0, 0, INTERVAL, INTERVAL, 0)).isEqualTo(~INTERVAL);
        table.giveBack(0, 0, INTERVAL);
        table.giveBack(0, 1, INTERVAL);
        assertThat(table.tryTake(0, 0, INTERVAL, INTERVAL, 0)).isEqualTo(INTERVAL);
    }

    @Test
    void bound_notAPowerOfTwo_isRefused() {
        assertThatThrownBy(() -> new MeterTable(SMALLEST + 1)).hasMessageContaining("power of two");
        assertThatThrownBy(() -> new MeterTable(SMALLEST / 2)).hasMessageContaining("power of two");
    }
}
