package io.tollgate.node.exchange;

import io.tollgate.engine.signature.ContentDigest;
import io.vertx.core.buffer.Buffer;
import java.security.MessageDigest;

/**
 * Whether the body of one request is the one whose digest was signed. Event-loop confined.
 *
 * <p>The body is looked at on its way and never held: what completes it is only passed on when the digest is right, so the upstream never has
 * the whole of a body that is another one.
 */
public final class BodyCheck {
    private final ContentDigest expected;
    private final long lengthBytes;
    private final MessageDigest digest;
    private long bytes;

    /** @param body how it is framed */
    public BodyCheck(ContentDigest expected, RequestBody body) {
        this.expected = expected;
        this.lengthBytes = body.lengthBytes();
        this.digest = expected.begin();
    }

    /** Takes some bytes; false when they complete a body that is another one. */
    public boolean admits(Buffer some) {
        if (some.length() == 0) {
            // Over HTTP/2 the end may come with nothing, behind what has completed the body.
            return true;
        }
        bytes += some.length();
        digest.update(some.getBytes());
        return bytes != lengthBytes || expected.isOf(digest);
    }

    /** Whether a body that ended is the right one: one whose length was known has been judged when that was reached. */
    public boolean admitsEnd() {
        return lengthBytes > 0 || expected.isOf(digest);
    }
}
