package io.tollgate.engine.signature;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StructuredTextTest {
    private static final int ROUNDS = 20_000;
    private static final String KEY_CHARACTERS = "abcxyz019_-.*";
    private static final String NOISE = "()\";=,:?-*\\ \tAaz09.\u00e9\u0000";

    private static String key(Random random) {
        StringBuilder key = new StringBuilder(random.nextInt(9) == 0 ? "*" : "k");
        for (int i = random.nextInt(6); i > 0; i--) {
            key.append(KEY_CHARACTERS.charAt(random.nextInt(KEY_CHARACTERS.length())));
        }
        return key.toString();
    }

    private static String text(Random random) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(12); i > 0; i--) {
            text.append((char) (' ' + random.nextInt(95)));
        }
        return text.toString();
    }

    private static BareItem bare(Random random) {
        byte[] bytes = new byte[random.nextInt(7)];
        random.nextBytes(bytes);
        return switch (random.nextInt(5)) {
            case 0 -> new BareItem.Whole(random.nextLong() % 1_000_000_000_000_000L);
            case 1 -> new BareItem.Text(text(random));
            case 2 -> new BareItem.Token("a" + key(random) + ":/");
            case 3 -> new BareItem.Bytes(Base64.getEncoder().encodeToString(bytes));
            default -> new BareItem.Truth(random.nextBoolean());
        };
    }

    private static Map<String, BareItem> parameters(Random random) {
        Map<String, BareItem> parameters = new LinkedHashMap<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            parameters.put(key(random), bare(random));
        }
        return parameters;
    }

    private static InnerList list(Random random) {
        List<InnerList.Item> items = new ArrayList<>();
        for (int i = random.nextInt(4); i > 0; i--) {
            items.add(new InnerList.Item(text(random), parameters(random)));
        }
        return new InnerList(items, parameters(random));
    }

    private static String written(Map<String, InnerList> dictionary) {
        List<String> members = new ArrayList<>();
        dictionary.forEach((key, list) -> members.add(key + "=" + list.text()));
        return String.join(", ", members);
    }

    @Test
    void whatIsWritten_isReadAsTheSame() {
        Random random = Seed.random(StructuredTextTest.class);
        for (int i = 0; i < ROUNDS; i++) {
            Map<String, InnerList> dictionary = new LinkedHashMap<>();
            for (int members = 1 + random.nextInt(3); members > 0; members--) {
                dictionary.put(key(random), list(random));
            }
            String text = written(dictionary);
            Map<String, InnerList> read = StructuredText.innerLists(text);
            assertThat(read).as(text).isNotNull().isEqualTo(dictionary);
            assertThat(written(Objects.requireNonNull(read))).isEqualTo(text);
        }
    }

    /** Whatever comes, it is read or it is not; what is read is written so that it is read as the same again. */
    @Test
    void noise_isReadInOneWayOrNotAtAll() {
        Random random = Seed.random(StructuredTextTest.class);
        for (int i = 0; i < ROUNDS; i++) {
            StringBuilder text = new StringBuilder("sig1=" + list(random).text());
            for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
                int at = random.nextInt(text.length());
                text.replace(at, at + random.nextInt(2), String.valueOf(NOISE.charAt(random.nextInt(NOISE.length()))));
            }
            Map<String, InnerList> read = StructuredText.innerLists(text.toString());
            if (read != null) {
                assertThat(StructuredText.innerLists(written(read)))
                        .as(text.toString())
                        .isEqualTo(read);
            }
            StructuredText.byteSequences(text.toString());
        }
    }
}
