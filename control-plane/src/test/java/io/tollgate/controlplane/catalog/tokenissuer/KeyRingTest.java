package io.tollgate.controlplane.catalog.tokenissuer;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** Key pairs of issuers of ours, by the clock. */
class KeyRingTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    @Test
    void withNew_firstSignsAtOnce_laterOnesAreToldAhead() {
        KeyRing first = KeyRing.EMPTY.withNew("ES256", START);
        assertThat(first.listed().get(0).signsFromMillis()).isEqualTo(START.toEpochMilli());
        KeyRing second = first.withNew("RS256", START);
        assertThat(second.pairs()).startsWith(first.pairs().get(0)).hasSize(2);
        assertThat(second.listed().get(1).signsFromMillis())
                .isEqualTo(START.plus(KeyRing.LEAD).toEpochMilli());
        assertThat(second.listed().get(1).algorithm()).isEqualTo("RS256");
    }

    @Test
    void current_keepsAPairUntilItsLastTokenIsOver() {
        KeyRing ring = KeyRing.EMPTY.withNew("ES256", START).withNew("ES256", START);
        Instant takenOver = START.plus(KeyRing.LEAD);
        assertThat(ring.current(takenOver.plus(KeyRing.BELIEVED)).pairs()).hasSize(2);
        KeyRing later = ring.current(takenOver.plus(KeyRing.BELIEVED).plusMillis(1));
        assertThat(later.pairs()).containsExactly(ring.pairs().get(1));
        // The last one stays, however old it is.
        assertThat(later.current(START.plus(Duration.ofDays(9_999))).pairs()).hasSize(1);
    }

    @Test
    void bytes_areReadAsTheyWereWritten_andTheTextHidesThem() {
        KeyRing ring = KeyRing.EMPTY.withNew("ES256", START);
        KeyRing read = KeyRing.parse(ring.bytes());
        assertThat(read.listed()).isEqualTo(ring.listed());
        assertThat(read.pairs().get(0).privateKey())
                .isEqualTo(ring.pairs().get(0).privateKey());
        assertThat(read.toString())
                .isEqualTo("KeyRing[Pair[" + ring.listed().get(0).id() + "]]");
    }
}
