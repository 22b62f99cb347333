package io.tollgate.engine.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.fixture.Services;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class SplitChoiceTest {
    private static final int SUBJECTS = 100_000;

    @Test
    void byDraw_everyNumber_givesEachItsWeight() {
        SplitChoice choice = choice(95, 0, 5);
        Map<String, Integer> counts = new HashMap<>();
        for (int draw = 0; draw < choice.weightSum(); draw++) {
            counts.merge(service(choice, choice.byDraw(draw)), 1, Integer::sum);
        }
        assertThat(counts).isEqualTo(Map.of("s0", 95, "s2", 5));
    }

    @Test
    void bySubject_manySubjects_givesEachItsShare() {
        Random random = Seed.random(SplitChoiceTest.class);
        SplitChoice choice = choice(60, 30, 10, 0);
        Map<String, Integer> counts = new HashMap<>();
        for (int i = 0; i < SUBJECTS; i++) {
            counts.merge(service(choice, choice.bySubject(subject(random))), 1, Integer::sum);
        }
        // Six standard deviations.
        assertThat(counts.get("s0")).isBetween(59_000, 61_000);
        assertThat(counts.get("s1")).isBetween(29_000, 31_000);
        assertThat(counts.get("s2")).isBetween(9_400, 10_600);
        assertThat(counts).doesNotContainKey("s3");
    }

    @Test
    void bySubject_canaryGrows_onlyMovesToIt() {
        Random random = Seed.random(SplitChoiceTest.class);
        SplitChoice five = choice(95, 5);
        SplitChoice ten = choice(90, 10);
        int moved = 0;
        for (int i = 0; i < SUBJECTS; i++) {
            String subject = subject(random);
            String before = service(five, five.bySubject(subject));
            String after = service(ten, ten.bySubject(subject));
            if (!before.equals(after)) {
                assertThat(after).isEqualTo("s1");
                moved++;
            }
        }
        assertThat(moved).isBetween(4_500, 5_500);
    }

    @Test
    void bySubject_oneOfThreeGrows_movesNobodyBetweenTheOthers() {
        Random random = Seed.random(SplitChoiceTest.class);
        SplitChoice before = choice(50, 30, 20);
        SplitChoice after = choice(50, 30, 40);
        for (int i = 0; i < SUBJECTS; i++) {
            String subject = subject(random);
            String now = service(after, after.bySubject(subject));
            if (!now.equals("s2")) {
                assertThat(service(before, before.bySubject(subject))).isEqualTo(now);
            }
        }
    }

    @Test
    void bySubject_knownSubjects_goWhereTheyAlwaysWent() {
        // Fixed: nodes of different builds serve one cluster, and a caller must not move between them.
        SplitChoice choice = choice(50, 50);
        StringBuilder chosen = new StringBuilder();
        for (int i = 0; i < 16; i++) {
            chosen.append(service(choice, choice.bySubject("subject-" + i)).charAt(1));
        }
        assertThat(chosen).hasToString(KNOWN);
    }

    private static final String KNOWN = "1010110011001100";

    private static String service(SplitChoice choice, int index) {
        return choice.shares().get(index).upstream().name();
    }

    private static SplitChoice choice(int... weights) {
        List<Share> shares = new ArrayList<>();
        for (int i = 0; i < weights.length; i++) {
            shares.add(new Share(upstream("s" + i), weights[i]));
        }
        return new SplitChoice(shares, true);
    }

    private static Upstream upstream(String name) {
        String id = UUID.nameUUIDFromBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))
                .toString();
        return Services.named(id, name);
    }

    private static String subject(Random random) {
        return new UUID(random.nextLong(), random.nextLong()).toString();
    }
}
