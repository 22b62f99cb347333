package io.tollgate.controlplane.admin.answer;

import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * What tells a repeated request from another one, and nobody who has not the envelope key what was in it: HMAC-SHA-256 under a key that
 * is derived from it. A body may hold a password, so that a bare digest of it would let whoever reads the database guess. Shared; immutable.
 */
@Singleton
class RequestDigests {
    /** Once the envelope key is another one nothing is the same as before, and so nothing is answered that was not asked. */
    private static final String PURPOSE = "tollgate request digest";

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    RequestDigests(EnvelopeKey envelope) {
        key = new SecretKeySpec(envelope.derive(PURPOSE), ALGORITHM);
    }

    /** The digest of where a request went and what it said. */
    byte[] of(String path, String json) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            mac.update((path + "\n").getBytes(StandardCharsets.UTF_8));
            return mac.doFinal(json.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
