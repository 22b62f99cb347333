package io.tollgate.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

/** What services said yes to. */
class GrantsTest {
    private static final long SECOND = 1_000_000_000;
    private static final List<GatewayAnswer.Field> ANNA = List.of(new GatewayAnswer.Field("X-User", "anna"));

    private final Grants grants = new Grants();

    @Test
    void find_olderThanWhoeverAsksTakesIt_isNone() {
        // Close to where the counter of nanoseconds turns over.
        long now = Long.MAX_VALUE - 2 * SECOND;
        grants.put("a", ANNA, now);
        assertThat(grants.find("a", 10, now + 10 * SECOND - 1)).isEqualTo(ANNA);
        assertThat(grants.find("a", 5, now + 5 * SECOND)).isNull();
        assertThat(grants.find("a", 10, now + 5 * SECOND)).as("it is forgotten").isNull();
        assertThat(grants.size()).isZero();
    }

    @Test
    void put_tooMany_thoseNotUsedForLongestGo() {
        for (int i = 0; i < Grants.COUNT_MAX; i++) {
            grants.put("key " + i, ANNA, 0);
        }
        assertThat(grants.find("key 0", 10, 1)).isNotNull();
        grants.put("one more", ANNA, 0);
        assertThat(grants.size()).isEqualTo(Grants.COUNT_MAX);
        assertThat(grants.find("key 0", 10, 1)).isNotNull();
        assertThat(grants.find("key 1", 10, 1)).isNull();
    }

    @Test
    void put_tooMuch_thoseNotUsedForLongestGo() {
        List<GatewayAnswer.Field> much = List.of(new GatewayAnswer.Field("X", "a".repeat(Grants.CHARACTERS_MAX / 4)));
        for (int i = 0; i < 4; i++) {
            grants.put("key " + i, much, 0);
        }
        assertThat(grants.size()).isEqualTo(3);
        assertThat(grants.find("key 0", 10, 1)).isNull();
        // What is replaced or forgotten does not count any more.
        grants.put("key 1", ANNA, 0);
        assertThat(grants.find("key 2", 1, SECOND)).isNull();
        grants.put("key 4", much, 0);
        grants.put("key 5", much, 0);
        assertThat(grants.size()).isEqualTo(4);
    }

    @Test
    void key_partsMoved_areOthers() {
        assertThat(grants.key(List.of("a", "bc"))).isNotEqualTo(grants.key(List.of("ab", "c")));
        assertThat(grants.key(List.of("a", "bc"))).isEqualTo(grants.key(List.of("a", "bc")));
    }
}
