package io.tollgate.node.credential.issue;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * As whom a client asks (RFC 6749, 2.3.1). Immutable.
 *
 * @param basic whether it said so in the field Authorization
 */
record ClientCredentials(String id, String secret, boolean basic) {
    /** The grant by which a client asks for itself (RFC 6749, 4.4). */
    static final String GRANT = "client_credentials";

    private static final String BASIC = "Basic ";

    /** Whether a request says it in the head and in the body, which it must not (RFC 6749, 2.3). */
    static boolean isTwofold(@Nullable String authorization, Form form) {
        return authorization != null && form.find("client_secret") != null;
    }

    /**
     * What a request says, unless it is twofold; null when it says nothing, or cannot be read.
     *
     * @param authorization value of the field; null: there is none
     */
    static @Nullable ClientCredentials of(@Nullable String authorization, Form form) {
        String secret = form.find("client_secret");
        String id = form.find("client_id");
        if (authorization == null) {
            return id == null || secret == null ? null : new ClientCredentials(id, secret, false);
        }
        ClientCredentials told = ofBasic(authorization);
        return told == null || id == null || id.equals(told.id()) ? told : null;
    }

    private static @Nullable ClientCredentials ofBasic(String authorization) {
        if (!authorization.regionMatches(true, 0, BASIC, 0, BASIC.length())) {
            return null;
        }
        try {
            byte[] both = Base64.getDecoder()
                    .decode(authorization.substring(BASIC.length()).strip());
            String text = new String(both, StandardCharsets.UTF_8);
            int colon = text.indexOf(':');
            String id = colon < 0 ? null : Form.decode(text.substring(0, colon));
            String secret = colon < 0 ? null : Form.decode(text.substring(colon + 1));
            return id == null || secret == null ? null : new ClientCredentials(id, secret, true);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    /** Hides the secret. */
    @Override
    public String toString() {
        return "ClientCredentials[" + id + "]";
    }
}
