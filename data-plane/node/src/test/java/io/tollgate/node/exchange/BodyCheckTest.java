package io.tollgate.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.signature.ContentDigest;
import io.vertx.core.buffer.Buffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.junit.jupiter.api.Test;

/** Bodies whose digest was signed. */
class BodyCheckTest {
    private static final RequestBody OF_FIVE = new RequestBody(false, 5);
    private static final RequestBody OF_UNKNOWN_LENGTH = new RequestBody(true, -1);

    private static BodyCheck check(String expected, RequestBody body) throws NoSuchAlgorithmException {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(expected.getBytes(StandardCharsets.UTF_8));
        return new BodyCheck(new ContentDigest("SHA-256", digest), body);
    }

    @Test
    void admits_rightBody_untilItsEndAndAnEmptyOneBehindIt() throws NoSuchAlgorithmException {
        BodyCheck check = check("hello", OF_FIVE);
        assertThat(check.admits(Buffer.buffer("hel"))).isTrue();
        assertThat(check.admits(Buffer.buffer())).isTrue();
        assertThat(check.admits(Buffer.buffer("lo"))).isTrue();
        assertThat(check.admits(Buffer.buffer())).as("as HTTP/2 may end").isTrue();
        assertThat(check.admitsEnd()).isTrue();
    }

    @Test
    void admits_anotherBody_notWhatCompletesIt() throws NoSuchAlgorithmException {
        BodyCheck check = check("hello", OF_FIVE);
        assertThat(check.admits(Buffer.buffer("hel"))).isTrue();
        assertThat(check.admits(Buffer.buffer("p!"))).isFalse();
    }

    @Test
    void admitsEnd_ofUnknownLength_saysWhatCame() throws NoSuchAlgorithmException {
        BodyCheck right = check("hello", OF_UNKNOWN_LENGTH);
        assertThat(right.admits(Buffer.buffer("hello"))).isTrue();
        assertThat(right.admitsEnd()).isTrue();
        BodyCheck wrong = check("hello", OF_UNKNOWN_LENGTH);
        assertThat(wrong.admits(Buffer.buffer("hell"))).isTrue();
        assertThat(wrong.admitsEnd()).isFalse();
        assertThat(check("hello", OF_UNKNOWN_LENGTH).admitsEnd())
                .as("none at all")
                .isFalse();
    }
}
