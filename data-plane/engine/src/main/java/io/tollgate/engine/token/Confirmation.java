package io.tollgate.engine.token;

import java.util.HexFormat;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What whoever shows a token must have beside it (RFC 7800). Immutable.
 *
 * @param certificateSha256 fingerprint of the client certificate that it is bound to (RFC 8705, 3.1), hexadecimal in lower case; empty
 *     when it is bound to what nobody here can check; null when it is bound to nothing
 */
public record Confirmation(@Nullable String certificateSha256) {
    private static final Confirmation NONE = new Confirmation(null);
    private static final Confirmation UNKNOWN = new Confirmation("");
    private static final String CLAIM = "cnf";
    private static final String THUMBPRINT = "x5t#S256";
    private static final int THUMBPRINT_BYTES = 32;

    /** What a token with these claims, or the word of its issuer (RFC 8705, 3.2), asks for. */
    public static Confirmation of(Map<String, ? extends @Nullable Object> claims) {
        if (!claims.containsKey(CLAIM)) {
            return NONE;
        }
        // One more method beside the certificate would have to be met, too (RFC 7800, 3.1), and cannot be.
        if (!(claims.get(CLAIM) instanceof Map<?, ?> methods)
                || methods.size() != 1
                || !(methods.get(THUMBPRINT) instanceof String text)) {
            return UNKNOWN;
        }
        byte[] digest = Base64UrlText.decode(text);
        return digest == null || digest.length != THUMBPRINT_BYTES
                ? UNKNOWN
                : new Confirmation(HexFormat.of().formatHex(digest));
    }

    /** Whether it is bound to a client certificate. */
    public boolean isOfCertificate() {
        return certificateSha256 != null && !certificateSha256.isEmpty();
    }

    /**
     * Whether what it asks for is there. No allocation.
     *
     * @param fingerprintSha256 of the certificate that the client showed, hexadecimal in lower case; null when it showed none
     */
    public boolean isMetBy(@Nullable String fingerprintSha256) {
        return certificateSha256 == null
                || (!certificateSha256.isEmpty() && certificateSha256.equals(fingerprintSha256));
    }
}
