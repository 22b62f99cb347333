package io.tollgate.engine.route;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SegmentTableTest {
    private static final int KEYS = 200;
    private static final int STEPS = 2_000;

    @Test
    void with_randomChanges_agreesWithAMap_andLeavesTheEarlierOneAsItWas() {
        Random random = Seed.random(SegmentTableTest.class);
        Map<String, Integer> expected = new HashMap<>();
        SegmentTable<Integer> table = SegmentTable.empty();
        for (int step = 0; step < STEPS; step++) {
            Map<String, @Nullable Integer> changes = new HashMap<>();
            // Now and then many at once, so that it grows and shrinks.
            int count = random.nextInt(20) == 0 ? KEYS : random.nextInt(4);
            boolean removes = random.nextBoolean();
            for (int i = 0; i < count; i++) {
                String key = "k" + random.nextInt(KEYS);
                changes.put(key, removes || random.nextInt(4) == 0 ? null : random.nextInt());
            }
            SegmentTable<Integer> before = table;
            Map<String, Integer> expectedBefore = Map.copyOf(expected);
            table = table.with(changes);
            changes.forEach((key, value) -> {
                if (value == null) {
                    expected.remove(key);
                } else {
                    expected.put(key, value);
                }
            });
            assertSame(table, expected);
            assertSame(before, expectedBefore);
        }
    }

    private static void assertSame(SegmentTable<Integer> table, Map<String, Integer> expected) {
        assertThat(table.size()).isEqualTo(expected.size());
        assertThat(table.entries()).hasSize(expected.size());
        for (int i = 0; i < KEYS; i++) {
            String key = "k" + i;
            assertThat(table.find("/" + key + "/", 1, 1 + key.length())).isEqualTo(expected.get(key));
        }
    }
}
