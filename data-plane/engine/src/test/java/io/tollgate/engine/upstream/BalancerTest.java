package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BalancerTest {
    private static final HashRules BY_CONSUMER = new HashRules(HashRules.Source.CONSUMER, "");

    private final Fleet fleet = new Fleet();
    private final Random random = Seed.random(BalancerTest.class);

    @Test
    void leastInFlight_equalLoad_sharesByWeight() {
        fleet.add(300).add(100).add(200).add(0);
        assertThat(fleet.largestDeviation(LeastInFlight.of(fleet.candidates()), 60_000))
                .isLessThan(0.15);
    }

    @Test
    void leastInFlight_callsThatStay_loadsEvenly() {
        for (int i = 0; i < 20; i++) {
            fleet.add(100);
        }
        LeastInFlight balancer = LeastInFlight.of(fleet.candidates());
        for (int i = 0; i < 2_000; i++) {
            picked(balancer, new Asking(random)).onCallStart();
        }
        // Two choices keep the fullest within log log n of the mean of 100; one choice would be some 25 off.
        for (int i = 0; i < fleet.size(); i++) {
            assertThat(fleet.state(i).inFlight()).isBetween(94, 106);
        }
    }

    @Test
    void leastInFlight_slowTarget_getsLess() {
        fleet.add(100).add(100);
        fleet.state(0).onCallStart();
        fleet.state(0).onCallStart();
        LeastInFlight balancer = LeastInFlight.of(fleet.candidates());
        int slow = 0;
        for (int i = 0; i < 4_000; i++) {
            slow += picked(balancer, new Asking(random)).equals(fleet.state(0)) ? 1 : 0;
        }
        // It is only chosen when both draws fall on it.
        assertThat(slow).isBetween(850, 1_150);
    }

    @Test
    void consistentHash_sameHash_sameTarget_andSharesFollowWeights() {
        fleet.add(100).add(100).add(200);
        ConsistentHash balancer = ConsistentHash.of(fleet.candidates(), BY_CONSUMER, 0);
        int[] counts = new int[3];
        for (int i = 0; i < 30_000; i++) {
            int hash = Hashes.of("consumer-" + i);
            TargetState first = picked(balancer, new Asking(random).hash(hash));
            assertThat(picked(balancer, new Asking(random).hash(hash))).isSameAs(first);
            counts[fleet.indexOf(first)]++;
        }
        assertThat(counts[0] / 30_000.0).isBetween(0.18, 0.32);
        assertThat(counts[1] / 30_000.0).isBetween(0.18, 0.32);
        assertThat(counts[2] / 30_000.0).isBetween(0.42, 0.58);
    }

    @Test
    void consistentHash_targetLeaves_onlyItsHashesMove() {
        for (int i = 0; i < 10; i++) {
            fleet.add(100);
        }
        List<TargetState> before = owners(10_000);
        TargetState gone = fleet.state(3);
        fleet.remove(3);
        List<TargetState> after = owners(10_000);
        for (int i = 0; i < before.size(); i++) {
            if (!before.get(i).equals(gone)) {
                assertThat(after.get(i)).isSameAs(before.get(i));
            }
        }
    }

    @Test
    void consistentHash_targetOut_onlyItsHashesMove_andComeBack() {
        fleet.add(100).add(100).add(100).add(100);
        List<TargetState> before = owners(5_000);
        fleet.state(1).onCheck(false, 1, 1, Fleet.NOW);
        List<TargetState> during = owners(5_000);
        fleet.state(1).onCheck(true, 1, 1, Fleet.NOW);
        for (int i = 0; i < before.size(); i++) {
            assertThat(during.get(i)).isNotSameAs(fleet.state(1));
            if (!before.get(i).equals(fleet.state(1))) {
                assertThat(during.get(i)).isSameAs(before.get(i));
            }
        }
        assertThat(owners(5_000)).isEqualTo(before);
    }

    @Test
    void consistentHash_bounded_noTargetGetsMoreThanItsShare() {
        for (int i = 0; i < 8; i++) {
            fleet.add(1 + random.nextInt(200));
        }
        ConsistentHash balancer = ConsistentHash.of(fleet.candidates(), BY_CONSUMER, 125);
        List<TargetState> open = new ArrayList<>();
        for (int i = 0; i < 20_000; i++) {
            // One hot hash in half of the calls, and calls that end in any order.
            Asking asking = new Asking(random).hash(random.nextBoolean() ? 7 : Hashes.of("c" + random.nextInt(500)));
            TargetState target = picked(balancer, asking);
            target.onCallStart();
            open.add(target);
            int total = open.size();
            double fair = total * weight(target) / (double) fleet.weightTotal();
            assertThat(target.inFlight()).isLessThanOrEqualTo((int) Math.ceil(1.25 * fair));
            while (open.size() > 300) {
                open.remove(random.nextInt(open.size())).onCallEnd();
            }
        }
    }

    @Test
    void anyBalancer_triedTarget_isTheLastChoice() {
        fleet.add(100).add(100);
        for (Balancer balancer : List.of(
                fleet.roundRobin(),
                LeastInFlight.of(fleet.candidates()),
                ConsistentHash.of(fleet.candidates(), BY_CONSUMER, 0))) {
            for (int i = 0; i < 50; i++) {
                Asking asking = new Asking(random).hash(random.nextInt()).tried(fleet.state(0));
                assertThat(picked(balancer, asking)).isSameAs(fleet.state(1));
                asking.tried(fleet.state(1));
                assertThat(balancer.pick(asking, Fleet.NOW, false)).isNotNull();
            }
        }
    }

    @Test
    void anyBalancer_allOut_isNull_unlessHealthIsIgnored() {
        fleet.add(100).add(100);
        fleet.state(0).onCheck(false, 1, 1, Fleet.NOW);
        fleet.state(1).onCheck(false, 1, 1, Fleet.NOW);
        for (Balancer balancer : List.of(
                fleet.roundRobin(),
                LeastInFlight.of(fleet.candidates()),
                ConsistentHash.of(fleet.candidates(), BY_CONSUMER, 125))) {
            assertThat(balancer.pick(new Asking(random), Fleet.NOW, false)).isNull();
            assertThat(balancer.pick(new Asking(random), Fleet.NOW, true)).isNotNull();
        }
    }

    @Test
    void slowStart_targetThatCameBack_rampsUpToItsShare() {
        fleet.add(100).add(100).slowStart(10_000);
        fleet.state(1).onCheck(false, 1, 1, Fleet.NOW);
        fleet.state(1).onCheck(true, 1, 1, Fleet.NOW);
        fleet.state(0).joined(Fleet.NOW - 60_000);
        assertThat(shareOfSecond(Fleet.NOW + 1_000)).isBetween(0.02, 0.09);
        assertThat(shareOfSecond(Fleet.NOW + 5_000)).isBetween(0.20, 0.30);
        assertThat(shareOfSecond(Fleet.NOW + 10_000)).isBetween(0.49, 0.51);
    }

    private double shareOfSecond(long nowMillis) {
        int second = 0;
        for (int i = 0; i < 10_000; i++) {
            TargetState state = fleet.roundRobin().pick(new Asking(random), nowMillis, false);
            second += Objects.equals(state, fleet.state(1)) ? 1 : 0;
        }
        return second / 10_000.0;
    }

    private int weight(TargetState state) {
        return fleet.candidates().weights()[fleet.indexOf(state)];
    }

    private List<TargetState> owners(int hashes) {
        ConsistentHash balancer = ConsistentHash.of(fleet.candidates(), BY_CONSUMER, 0);
        List<TargetState> owners = new ArrayList<>();
        for (int i = 0; i < hashes; i++) {
            owners.add(picked(balancer, new Asking(random).hash(Hashes.of("consumer-" + i))));
        }
        return owners;
    }

    private static TargetState picked(Balancer balancer, Asking asking) {
        return Objects.requireNonNull(balancer.pick(asking, Fleet.NOW, false));
    }
}
