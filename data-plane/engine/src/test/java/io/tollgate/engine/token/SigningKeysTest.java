package io.tollgate.engine.token;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tollgate.engine.fixture.TestAuthority;
import java.security.KeyPair;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Key pairs of our own issuers. */
class SigningKeysTest {
    private static final KeyPair EC = TestAuthority.ecdsa("secp256r1");
    private static final KeyPair RSA = TestAuthority.rsa(2048);

    private static SigningKey.Stored stored(String id, String algorithm, KeyPair keys, long from) {
        return new SigningKey.Stored(
                id, algorithm, keys.getPrivate().getEncoded(), keys.getPublic().getEncoded(), from);
    }

    @Test
    void current_isTheLastWhoseTimeHasCome_inWhateverOrderTheyAre() throws KeyFault {
        SigningKeys keys = SigningKeys.of(List.of(
                SigningKey.of(stored("c", "ES256", EC, 300)),
                SigningKey.of(stored("a", "ES256", EC, 100)),
                SigningKey.of(stored("b", "RS256", RSA, 200))));
        assertThat(keys.current(50).id()).isEqualTo("a");
        assertThat(keys.current(199).id()).isEqualTo("a");
        assertThat(keys.current(200).id()).isEqualTo("b");
        assertThat(keys.current(1_000).id()).isEqualTo("c");
        assertThat(keys.algorithms()).containsExactlyInAnyOrder(TokenAlgorithm.ES256, TokenAlgorithm.RS256);
    }

    @Test
    void sign_isBelievedByWhoeverReadsTheSet() throws KeyFault {
        for (SigningKey.Stored stored : List.of(stored("e", "ES256", EC, 0), stored("r", "RS256", RSA, 0))) {
            SigningKeys keys = SigningKeys.of(List.of(SigningKey.of(stored)));
            String text =
                    keys.current(0).sign("at+jwt", Map.of("iss", "\u00e9\"", "n", 7L, "list", List.of("a", true)));
            ParsedToken token = ParsedToken.read(text);
            assertThat(token).isNotNull();
            assertThat(token.type()).isEqualTo("at+jwt");
            assertThat(token.claims()).containsEntry("iss", "\u00e9\"").containsEntry("n", 7L);
            KeySet read = KeySet.ofJwks(keys.jwks(), KeySet.Unfit.REFUSED);
            assertThat(read.keys()).hasSize(1);
            assertThat(read.keys()
                            .get(0)
                            .verifies(token, Objects.requireNonNull(TokenAlgorithm.find(stored.algorithm()))))
                    .isTrue();
            assertThat(keys.jwks()).doesNotContain("\"d\"");
            assertThat(keys.toString() + stored).doesNotContain("=");
        }
    }

    @Test
    void of_keysThatAreNone_isRefused() throws KeyFault {
        SigningKey good = SigningKey.of(stored("a", "ES256", EC, 0));
        assertThatThrownBy(() -> SigningKeys.of(List.of())).isInstanceOf(KeyFault.class);
        assertThatThrownBy(() -> SigningKeys.of(List.of(good, good))).isInstanceOf(KeyFault.class);
        assertThatThrownBy(() -> SigningKey.of(stored("a", "HS256", EC, 0))).isInstanceOf(KeyFault.class);
        assertThatThrownBy(() -> SigningKey.of(stored("a", "RS256", EC, 0))).isInstanceOf(KeyFault.class);
        KeyPair other = TestAuthority.ecdsa("secp256r1");
        assertThatThrownBy(
                        () -> SigningKey.of(stored("a", "ES256", new KeyPair(other.getPublic(), EC.getPrivate()), 0)))
                .isInstanceOf(KeyFault.class)
                .hasMessageContaining("belong together");
    }
}
