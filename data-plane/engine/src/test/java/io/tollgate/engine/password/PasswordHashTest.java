package io.tollgate.engine.password;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

class PasswordHashTest {
    private static PasswordHash parsed(String text) {
        PasswordHash hash = PasswordHash.parse(text);
        assertThat(hash).as(text).isNotNull();
        assertThat(hash.text()).isEqualTo(text);
        return hash;
    }

    /** From the tests of the reference implementation of Argon2, version 19. */
    @Test
    void argon2id_vectorsOfTheReference() {
        PasswordHash small =
                parsed("$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4");
        assertThat(small.matches("password")).isTrue();
        assertThat(small.matches("Password")).isFalse();
        PasswordHash lanes =
                parsed("$argon2id$v=19$m=256,t=2,p=2$c29tZXNhbHQ$bQk8UB/VmZZF4Oo79iDXuL5/0ttZwg2f/5U52iv1cDc");
        assertThat(lanes.matches("password")).isTrue();
    }

    /** From the tests of OpenBSD's bcrypt as other systems carry them. */
    @Test
    void bcrypt_vectorsOfOtherSystems() {
        for (String version : List.of("$2a$", "$2b$", "$2y$")) {
            PasswordHash hash = parsed(version + "06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i");
            assertThat(hash.matches("abc")).isTrue();
            assertThat(hash.matches("abd")).isFalse();
        }
        assertThat(parsed("$2a$12$R9h/cIPz0gi.URNNX3kh2OPST9/PgBkqquzi.Ss7KIUgO2t0jWMUW")
                        .matches("abc123xyz"))
                .isTrue();
    }

    @Test
    void of_madeHere_isReadAgainAndNeverTwiceTheSame() {
        SecureRandom random = new SecureRandom();
        PasswordHash one = PasswordHash.of("correct horse", random);
        PasswordHash other = PasswordHash.of("correct horse", random);
        assertThat(one).isNotEqualTo(other);
        assertThat(one.cost()).isEqualTo(PasswordCost.USUAL);
        assertThat(parsed(one.text())).isEqualTo(one).hasSameHashCodeAs(one);
        assertThat(one.matches("correct horse")).isTrue();
        assertThat(one.matches("correct horsf")).isFalse();
        assertThat(one.toString()).doesNotContain(one.text().substring(40));
    }

    @Test
    void parse_whatIsNoneOrCostsTooMuch_isNull() {
        String salt = "c29tZXNhbHQ";
        String digest = "nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4";
        for (String none : List.of(
                "",
                "password",
                "$argon2i$v=19$m=256,t=2,p=1$" + salt + "$" + digest,
                "$argon2d$v=19$m=256,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$v=16$m=256,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$m=256,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$v=19$m=65537,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$v=19$m=9999999,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$v=19$m=256,t=11,p=1$" + salt + "$" + digest,
                "$argon2id$v=19$m=256,t=2,p=9$" + salt + "$" + digest,
                "$argon2id$v=19$m=7,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$v=19$m=0256,t=2,p=1$" + salt + "$" + digest,
                "$argon2id$v=19$m=256,t=2,p=1$c2$" + digest,
                "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$c29tc2FsdA",
                "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + digest + "\n",
                "$argon2id$v=19$m=256,t=2,p=1$" + salt + "$" + digest + "$",
                "$2x$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
                "$2a$03$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
                "$2a$14$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
                "$2a$99$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0i",
                "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0",
                "$2a$06$If6bvum7DFjUnE9p2uDeDu0YHzrHM6tf.iqN8.yx.jNN1ILEf7h0!")) {
            assertThat(PasswordHash.parse(none)).as(none).isNull();
        }
    }

    @Test
    void decoy_hasTheCostAndIsNobodys() {
        for (PasswordCost cost : List.of(
                PasswordCost.USUAL,
                new PasswordCost.Bcrypt(4),
                new PasswordCost.Bcrypt(10),
                new PasswordCost.Argon2(64, 1, 1, 16))) {
            PasswordHash decoy = cost.decoy();
            assertThat(decoy.cost()).isEqualTo(cost);
            assertThat(parsed(decoy.text()).matches("")).isFalse();
            assertThat(decoy.matches("password")).isFalse();
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void pair_isReadInNormalForm() {
        // The example of RFC 7617, 2.
        assertThat(BasicPair.parse("QWxhZGRpbjpvcGVuIHNlc2FtZQ==")).isEqualTo(new BasicPair("Aladdin", "open sesame"));
        // That of 2.1, in UTF-8.
        assertThat(BasicPair.parse("dGVzdDoxMjPCow==")).isEqualTo(new BasicPair("test", "123\u00a3"));
        assertThat(BasicPair.parse(base64("a:b:c"))).isEqualTo(new BasicPair("a", "b:c"));
        assertThat(BasicPair.parse(base64("Zu\u0308rich:Zu\u0308rich")))
                .isEqualTo(new BasicPair("Z\u00fcrich", "Z\u00fcrich"));
        assertThat(new BasicPair("a", "secret").toString()).doesNotContain("secret");
    }

    @Test
    void pair_thatIsNone_isNull() {
        for (String none : List.of(
                "",
                "!",
                base64("a"),
                base64(":b"),
                base64("a:"),
                base64("a:b\u0000"),
                base64("a\n:b"),
                base64("a:b\u0085"),
                "dGVzdDoxMjOj",
                base64("a:" + "b".repeat(2_000)),
                "QWxhZGRpbjpvcGVuIHNlc2FtZQ== x")) {
            assertThat(BasicPair.parse(none)).as(none).isNull();
        }
    }
}
