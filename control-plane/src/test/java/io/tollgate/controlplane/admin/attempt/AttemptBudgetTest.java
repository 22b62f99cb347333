package io.tollgate.controlplane.admin.attempt;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.Origin;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/** How many rows refused attempts can make, whoever makes them. */
class AttemptBudgetTest {
    private static final long DAY_MILLIS = 86_400_000;

    private final AttemptBudget budget = new AttemptBudget();
    private final UntoldAttempts untold = new UntoldAttempts();

    private long strangers(int calls, long nowMillis) {
        long admitted = 0;
        for (int i = 0; i < calls; i++) {
            admitted += budget.admitsStranger("192.0.2.1", nowMillis) ? 1 : 0;
        }
        return admitted;
    }

    @Test
    void stranger_hasABurstThatComesBackSlowly() {
        assertThat(strangers(100, 0)).isEqualTo(20);
        assertThat(strangers(100, 59_999)).isZero();
        assertThat(strangers(100, 60_000)).isEqualTo(1);
        assertThat(strangers(100, DAY_MILLIS)).isEqualTo(20);
        // A clock that is set back gives nothing.
        assertThat(strangers(100, 0)).isZero();
    }

    @Test
    void strangers_ofADay_makeABoundedNumberOfRows_howeverManyAddressesTheyHave() {
        long admitted = 0;
        int address = 0;
        for (long now = 0; now < DAY_MILLIS; now += 1_000) {
            for (int i = 0; i < 20; i++) {
                address++;
                admitted += budget.admitsStranger(
                                "10." + address / 65_536 % 256 + "." + address / 256 % 256 + "." + address % 256, now)
                        ? 1
                        : 0;
            }
        }
        assertThat(admitted).isBetween(8_640L, 8_640L + 200);
    }

    @Test
    void known_haveABucketEach_andStrangersDoNotEmptyIt() {
        strangers(1_000, 0);
        long admitted = 0;
        for (int i = 0; i < 500; i++) {
            admitted += budget.admitsKnown("one", 0) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(100);
        assertThat(budget.admitsKnown("another", 0)).isTrue();
    }

    @Test
    void network_ofIpv6_isItsFirstHalf() {
        assertThat(AttemptBudget.network("2001:db8:1:2:3:4:5:6")).isEqualTo("2001:db8:1:2");
        assertThat(AttemptBudget.network("192.0.2.1")).isEqualTo("192.0.2.1");
        for (int i = 0; i < 20; i++) {
            assertThat(budget.admitsStranger("2001:db8:0:0:0:0:0:" + i, 0)).isTrue();
        }
        assertThat(budget.admitsStranger("2001:db8:0:0:0:0:0:ff", 0)).isFalse();
    }

    @Test
    void untold_isCountedExactlyAndToldInFewRows() {
        int sources = 3_000;
        long counted = 0;
        for (int i = 0; i < sources; i++) {
            for (int j = 0; j <= i % 7; j++) {
                Origin origin = new Origin("192.0.2." + i, "agent " + j, UUID.randomUUID());
                untold.count(Actor.STRANGER.from(origin), 401, i);
                counted++;
            }
        }
        Actor known = new Actor("script", Set.of()).provedBy(new Actor.Proof("tollgate", "1"));
        for (int i = 0; i < 500; i++) {
            untold.count(known, 412, 5_000);
            counted++;
        }
        List<UntoldAttempts.Told> told = untold.take();
        assertThat(told).hasSizeLessThanOrEqualTo(UntoldAttempts.ROWS_MAX + 2);
        assertThat(told.stream().mapToLong(UntoldAttempts.Told::attempts).sum()).isEqualTo(counted);
        assertThat(untold.take()).isEmpty();
    }

    @Test
    void untold_ofOneSource_isOneRowWithTheTimeOfTheLast() {
        Actor known = new Actor("script", Set.of()).provedBy(new Actor.Proof("tollgate", "1"));
        for (int i = 0; i < 5; i++) {
            untold.count(known.from(new Origin("192.0.2.1", "a/" + i, UUID.randomUUID())), 412, i);
        }
        UntoldAttempts.Told told = untold.take().get(0);
        assertThat(told.attempts()).isEqualTo(5);
        assertThat(told.lastMillis()).isEqualTo(4);
        assertThat(told.source().actor().subject()).isEqualTo("script");
        assertThat(told.source().actor().origin().clientAddress()).isEqualTo("192.0.2.1");
    }
}
