package io.tollgate.node.proxy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.upstream.LimitRules;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class WaitingCallsTest {
    private static final long LATE_NANOS = 1_000;

    private final WaitingCalls waiting = new WaitingCalls();
    private final List<String> events = new ArrayList<>();
    private int places;

    @Test
    void add_moreThanMayWait_isRefused() {
        LimitRules limit = new LimitRules(1, 2, 1_000, 1);
        assertThat(waiting.add(new Call("a", false), limit)).isTrue();
        assertThat(waiting.add(new Call("b", false), limit)).isTrue();
        assertThat(waiting.add(new Call("c", false), limit)).isFalse();
    }

    @Test
    void look_onePlace_goesToTheFirstThatStillWaits() {
        waits(new Call("gone", false).gone());
        waits(new Call("first", false));
        waits(new Call("second", false));
        places = 1;
        waiting.look(0);
        assertThat(events).containsExactly("first enters");
        waiting.look(LATE_NANOS + 1);
        assertThat(events).containsExactly("first enters", "second is shed");
        assertThat(waiting.isEmpty()).isTrue();
    }

    @Test
    void look_longQueueOfCallsThatEndAtOnce_needsNoDeepStack() {
        int calls = 100_000;
        for (int i = 0; i < calls; i++) {
            waits(new Call("call", true));
        }
        places = 1;
        waiting.look(0);
        assertThat(events).hasSize(calls);
        assertThat(waiting.isEmpty()).isTrue();
    }

    private void waits(Call call) {
        waiting.add(call, new LimitRules(1, 100_000, 1_000, 1));
    }

    /** A call that waits since 0, and perhaps ends as soon as it enters. */
    private final class Call implements WaitingCalls.Waiter {
        private final String name;
        private final boolean brief;
        private boolean over;

        Call(String name, boolean brief) {
            this.name = name;
            this.brief = brief;
        }

        Call gone() {
            over = true;
            return this;
        }

        @Override
        public boolean isOver() {
            return over;
        }

        @Override
        public boolean isLate(long nowNanos) {
            return nowNanos > LATE_NANOS;
        }

        @Override
        public boolean tryEnter() {
            boolean free = places > 0;
            places -= free ? 1 : 0;
            return free;
        }

        @Override
        public void enter() {
            events.add(name + " enters");
            if (brief) {
                places++;
                waiting.look(0);
            }
        }

        @Override
        public void shed() {
            events.add(name + " is shed");
        }
    }
}
