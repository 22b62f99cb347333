package io.tollgate.controlplane.admin.answer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;

class RequestDigestsTest {
    private static final String PATH = "/v1/consumers/acme/credentials";
    private static final String BODY = "{\"basic\":{\"password\":\"correct horse\"}}";

    private static RequestDigests under(int key) {
        byte[] bytes = new byte[32];
        bytes[0] = (byte) key;
        return new RequestDigests(EnvelopeKey.of(Base64.getEncoder().encodeToString(bytes)));
    }

    @Test
    void digest_ofTheSameRequest_isTheSame_ofAnotherIsNot() {
        byte[] digest = under(1).of(PATH, BODY);
        assertThat(under(1).of(PATH, BODY)).isEqualTo(digest);
        assertThat(under(1).of(PATH, BODY.replace("horse", "mule"))).isNotEqualTo(digest);
        assertThat(under(1).of("/v1/consumers/globex/credentials", BODY)).isNotEqualTo(digest);
    }

    /** Who has the database and not the envelope key cannot try passwords on it. */
    @Test
    void digest_isOfNoUseWithoutTheEnvelopeKey() throws NoSuchAlgorithmException {
        byte[] digest = under(1).of(PATH, BODY);
        assertThat(under(2).of(PATH, BODY)).isNotEqualTo(digest);
        byte[] bare =
                MessageDigest.getInstance("SHA-256").digest((PATH + "\n" + BODY).getBytes(StandardCharsets.UTF_8));
        assertThat(digest).hasSameSizeAs(bare).isNotEqualTo(bare);
    }
}
