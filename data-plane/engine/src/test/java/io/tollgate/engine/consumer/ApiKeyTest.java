package io.tollgate.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

class ApiKeyTest {
    private final SecureRandom secureRandom = new SecureRandom();

    @Test
    void issue_eachEnvironment_isWellFormed() {
        for (ApiKey.Environment environment : ApiKey.Environment.values()) {
            for (int i = 0; i < 200; i++) {
                ApiKey key = ApiKey.issue(environment, secureRandom);
                assertThat(key.text()).hasSize(57).matches("tg_(live|test)_[0-9A-Za-z]{49}");
                assertThat(ApiKey.isWellFormed(key.text())).isTrue();
                assertThat(key.prefix()).hasSize(12);
                assertThat(key.text()).startsWith(key.prefix());
                assertThat(key.toString()).doesNotContain(key.text());
            }
        }
    }

    @Test
    void isWellFormed_anyOneCharacterChanged_isFalse() {
        Random random = Seed.random(ApiKeyTest.class);
        String text = ApiKey.issue(ApiKey.Environment.LIVE, secureRandom).text();
        for (int at = 0; at < text.length(); at++) {
            char other = (char) (' ' + random.nextInt(300));
            String changed = text.substring(0, at) + other + text.substring(at + 1);
            assertThat(ApiKey.isWellFormed(changed)).as(changed).isEqualTo(changed.equals(text));
        }
    }

    @Test
    void isWellFormed_otherTexts_isFalse() {
        String text = ApiKey.issue(ApiKey.Environment.TEST, secureRandom).text();
        assertThat(ApiKey.isWellFormed("")).isFalse();
        assertThat(ApiKey.isWellFormed(text + "0")).isFalse();
        assertThat(ApiKey.isWellFormed(text.substring(1))).isFalse();
        assertThat(ApiKey.isWellFormed(text.replace("tg_test_", "tg_prod_"))).isFalse();
    }

    @Test
    void digest_keys_isTheKeyedSha256() throws Exception {
        byte[] secret = "0123456789abcdef0123456789abcdef".getBytes(StandardCharsets.US_ASCII);
        KeyHasher hasher = new KeyHasher(secret);
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(secret, "HmacSHA256"));
        for (String text : new String[] {
            "",
            "a",
            "x".repeat(500),
            ApiKey.issue(ApiKey.Environment.LIVE, secureRandom).text()
        }) {
            assertThat(HexFormat.of().formatHex(hasher.digest(text)))
                    .isEqualTo(HexFormat.of().formatHex(mac.doFinal(text.getBytes(StandardCharsets.ISO_8859_1))));
        }
    }
}
