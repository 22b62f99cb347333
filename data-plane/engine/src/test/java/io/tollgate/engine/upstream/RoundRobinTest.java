package io.tollgate.engine.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundRobinTest {
    private final Fleet fleet = new Fleet();

    @Test
    void pick_weights_sharesExactlyAndSmoothly() {
        fleet.add(5).add(1).add(1).add(0);
        StringBuilder order = new StringBuilder();
        for (int i = 0; i < 14; i++) {
            order.append(fleet.indexOf(fleet.roundRobin().pick(Asking.PLAIN, Fleet.NOW, false)));
        }
        assertThat(order.toString()).isEqualTo("00102000010200");
    }

    @Test
    void pick_randomWeights_sharesWithinAThousandth() {
        Random random = Seed.random(RoundRobinTest.class);
        for (int i = 0; i < 50; i++) {
            fleet.add(random.nextInt(Target.WEIGHT_MAX + 1));
        }
        fleet.add(1);
        assertThat(fleet.largestDeviation(fleet.roundRobin(), fleet.weightTotal() * 10))
                .isLessThan(0.001);
    }

    @Test
    void pick_targetThatIsOut_isPassedOver() {
        fleet.add(1).add(1);
        fleet.state(0).onCheck(false, 1, 1, Fleet.NOW);
        for (int i = 0; i < 10; i++) {
            assertThat(fleet.roundRobin().pick(Asking.PLAIN, Fleet.NOW, false)).isSameAs(fleet.state(1));
        }
    }

    @Test
    void pick_noWeight_isNull() {
        assertThat(fleet.roundRobin().pick(Asking.PLAIN, Fleet.NOW, false)).isNull();
        fleet.add(0);
        assertThat(fleet.roundRobin().pick(Asking.PLAIN, Fleet.NOW, false)).isNull();
    }
}
