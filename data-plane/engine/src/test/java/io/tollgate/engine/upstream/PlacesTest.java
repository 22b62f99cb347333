package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class PlacesTest {
    private static final int THREADS = 8;
    private static final int CALLS = 2_000;

    private final Places places = new Places();
    private final List<String> events = new ArrayList<>();

    private static LimitRules limit(int calls, int queue) {
        return new LimitRules(calls, calls, false, queue, 1_000, 1);
    }

    private final class Call implements Places.Waiter {
        private final String name;

        Call(String name) {
            this.name = name;
        }

        @Override
        public void onPlace() {
            events.add(name + " enters");
        }

        @Override
        public void onShed() {
            events.add(name + " gives way");
        }
    }

    /** A caller that stands still until it has a place. */
    private static final class Blocking implements Places.Waiter {
        private final CountDownLatch placed = new CountDownLatch(1);

        void await() {
            try {
                placed.await();
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void onPlace() {
            placed.countDown();
        }

        @Override
        public void onShed() {
            throw new AssertionError("the queue is never full");
        }
    }

    private long await(String name, int priority, LimitRules rules) {
        return places.await(new Call(name), priority, rules);
    }

    @Test
    void leave_severalWait_highestPriorityFirstThenInOrder() {
        LimitRules one = limit(1, 10);
        assertThat(places.tryEnter(one)).isTrue();
        await("low", 10, one);
        await("first", 50, one);
        await("second", 50, one);
        await("high", 100, one);
        for (int i = 0; i < 4; i++) {
            places.leave();
        }
        assertThat(events).containsExactly("high enters", "first enters", "second enters", "low enters");
        assertThat(places.waiting()).isZero();
        assertThat(places.limiter().inFlight()).isEqualTo(1);
    }

    @Test
    void await_queueIsFull_youngestOfTheLeastGivesWayToWhoMattersMore() {
        LimitRules two = limit(1, 2);
        assertThat(places.tryEnter(two)).isTrue();
        assertThat(await("old", 50, two)).isNotZero();
        assertThat(await("young", 50, two)).isNotZero();
        assertThat(await("equal", 50, two)).isZero();
        assertThat(await("more", 51, two)).isNotZero();
        assertThat(events).containsExactly("young gives way");
        assertThat(places.waiting()).isEqualTo(2);
    }

    @Test
    void await_noQueue_isRefused() {
        LimitRules none = limit(1, 0);
        assertThat(places.tryEnter(none)).isTrue();
        assertThat(await("call", 100, none)).isZero();
    }

    @Test
    void withdraw_onceItGotAPlace_saysSo() {
        LimitRules one = limit(1, 10);
        assertThat(places.tryEnter(one)).isTrue();
        long first = await("first", 50, one);
        long second = await("second", 50, one);
        places.leave();
        assertThat(places.withdraw(first)).isFalse();
        assertThat(places.withdraw(second)).isTrue();
        assertThat(places.waiting()).isZero();
    }

    @Test
    void tryEnter_whileOthersWait_doesNotPassThem() {
        LimitRules one = limit(1, 10);
        assertThat(places.tryEnter(one)).isTrue();
        await("first", 0, one);
        assertThat(places.tryEnter(limit(2, 10))).isFalse();
    }

    @Test
    void await_limitWasRaised_getsAPlaceAtOnce() {
        LimitRules one = limit(1, 10);
        assertThat(places.tryEnter(one)).isTrue();
        await("first", 0, one);
        await("second", 0, limit(3, 10));
        assertThat(events).containsExactly("first enters", "second enters");
    }

    @Test
    void leave_limitWasLoweredSinceTheCallCame_holdsTheLowerOne() {
        LimitRules three = limit(3, 10);
        for (int i = 0; i < 3; i++) {
            assertThat(places.tryEnter(three)).isTrue();
        }
        await("before", 50, three);
        await("after", 50, limit(1, 10));
        places.leave();
        places.leave();
        assertThat(events).as("one is in flight").isEmpty();
        places.leave();
        assertThat(events).containsExactly("before enters");
    }

    @Test
    void manyThreads_enterWaitAndLeave_nobodyIsForgottenAndTheLimitHolds() throws InterruptedException {
        LimitRules three = limit(3, 1_000);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        AtomicInteger done = new AtomicInteger();
        Random seeds = Seed.random(PlacesTest.class);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            Random random = new Random(seeds.nextLong());
            threads.add(new Thread(() -> {
                for (int i = 0; i < CALLS; i++) {
                    Blocking call = new Blocking();
                    if (!places.tryEnter(three)) {
                        places.await(call, random.nextInt(101), three);
                        call.await();
                    }
                    most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                    Thread.onSpinWait();
                    inside.decrementAndGet();
                    done.incrementAndGet();
                    places.leave();
                }
            }));
        }
        threads.forEach(Thread::start);
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(done).hasValue(THREADS * CALLS);
        assertThat(most.get()).isBetween(1, 3);
        assertThat(places.waiting()).isZero();
        assertThat(places.limiter().inFlight()).isZero();
    }
}
