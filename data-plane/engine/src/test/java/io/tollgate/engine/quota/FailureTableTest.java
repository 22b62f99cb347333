package io.tollgate.engine.quota;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FailureTableTest {
    private static final long SECOND = 1_000_000_000L;
    private static final long START = -7 * SECOND;
    private static final FailureTable.Bound BOUND = new FailureTable.Bound(600, 60);

    private final Random random = Seed.random(FailureTableTest.class);
    private final FailureTable table = new FailureTable(random.nextLong(), START);

    private static long source(String address) throws UnknownHostException {
        return FailureTable.source(InetAddress.getByName(address).getAddress());
    }

    private int countUntilFull(long source, FailureTable.Bound bound, long nowNanos) {
        int counted = 0;
        while (!table.isFull(source, bound, nowNanos)) {
            table.count(source, bound, nowNanos);
            counted++;
        }
        return counted;
    }

    @Test
    void source_isAnAddressOrANetworkOf64Bits() throws UnknownHostException {
        assertThat(source("192.0.2.1")).isNotEqualTo(source("192.0.2.2"));
        assertThat(source("2001:db8:0:1::1")).isEqualTo(source("2001:db8:0:1:ffff::2"));
        assertThat(source("2001:db8:0:1::1")).isNotEqualTo(source("2001:db8:0:2::1"));
        assertThat(source("::")).isNotEqualTo(source("0.0.0.0"));
    }

    @Test
    void count_upToTheBound_thenEmptiesEvenly() throws UnknownHostException {
        long source = source("192.0.2.1");
        assertThat(countUntilFull(source, BOUND, START)).isEqualTo(600);
        assertThat(table.waitNanos(source, BOUND, START)).isEqualTo(SECOND / 10);
        assertThat(countUntilFull(source, BOUND, START + SECOND / 10 - 1)).isZero();
        assertThat(countUntilFull(source, BOUND, START + SECOND)).isEqualTo(10);
        assertThat(countUntilFull(source, BOUND, START + 3600 * SECOND)).isEqualTo(600);
        assertThat(table.isFull(source("192.0.2.2"), BOUND, START + 3600 * SECOND))
                .isFalse();
        assertThat(table.counted()).isEqualTo(1_210);
    }

    @Test
    void bound_thatChanges_resetsNothing() throws UnknownHostException {
        long source = source("192.0.2.1");
        countUntilFull(source, BOUND, START);
        assertThat(table.isFull(source, new FailureTable.Bound(10, 60), START)).isTrue();
        assertThat(table.isFull(source, new FailureTable.Bound(10, 3600), START))
                .isFalse();
    }

    @Test
    void bound_withAShorterWindow_holdsNobodyLongerThanThat() throws UnknownHostException {
        long source = source("192.0.2.1");
        countUntilFull(source, new FailureTable.Bound(5, 3600), START);
        assertThat(table.isFull(source, BOUND, START)).isTrue();
        assertThat(table.isFull(source, BOUND, START + SECOND / 10)).isFalse();
        assertThat(countUntilFull(source, BOUND, START + 60 * SECOND)).isEqualTo(600);
    }

    /** A million sources share the same mebibyte; the guesser among them stays known, and hardly anybody is taken for one. */
    @Test
    void count_aMillionSources_neitherForgetsTheGuesserNorBlamesTheOthers() throws UnknownHostException {
        long guesser = source("192.0.2.1");
        assertThat(countUntilFull(guesser, BOUND, START)).isEqualTo(600);
        for (int i = 0; i < 1_000_000; i++) {
            table.count(i | (1L << 40), BOUND, START);
        }
        assertThat(table.isFull(guesser, BOUND, START))
                .as("washed out by nobody")
                .isTrue();
        int blamed = 0;
        long levelMax = 0;
        for (int i = 0; i < 1_000_000; i++) {
            if (table.isFull(i | (1L << 40), BOUND, START)) {
                blamed++;
            }
            levelMax = Math.max(levelMax, table.waitNanos(2_000_000L + i, BOUND, START));
        }
        // Both cells of a source would have to be the guesser's: one in four thousand million.
        assertThat(blamed).isZero();
        assertThat(levelMax).as("who never failed has room").isLessThanOrEqualTo(0);
    }
}
