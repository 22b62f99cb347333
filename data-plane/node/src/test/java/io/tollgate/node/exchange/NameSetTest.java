package io.tollgate.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.netty.util.AsciiString;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class NameSetTest {
    @Test
    void contains_anyCase_agreesWithATreeSet() {
        long seed = new Random().nextLong();
        System.out.println("NameSetTest seed " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < 200; round++) {
            TreeSet<String> naive = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
            List<String> names = new ArrayList<>();
            for (int i = random.nextInt(40); i > 0; i--) {
                String name = name(random);
                names.add(name);
                naive.add(name);
            }
            NameSet set = NameSet.of(names);
            assertThat(set.isEmpty()).isEqualTo(naive.isEmpty());
            for (String name : names) {
                assertThat(set.contains(name.toUpperCase(Locale.ROOT)))
                        .as("seed %s", seed)
                        .isTrue();
                assertThat(set.contains(new AsciiString(name.toLowerCase(Locale.ROOT))))
                        .isTrue();
            }
            for (int i = 0; i < 50; i++) {
                String name = name(random);
                assertThat(set.contains(name)).as("seed %s, %s", seed, name).isEqualTo(naive.contains(name));
            }
        }
    }

    private static String name(Random random) {
        StringBuilder name = new StringBuilder();
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            name.append("aBc-".charAt(random.nextInt(4)));
        }
        return name.toString();
    }
}
