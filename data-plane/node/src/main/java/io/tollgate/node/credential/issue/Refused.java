package io.tollgate.node.credential.issue;

import java.util.Locale;

/** Why no token is issued (RFC 6749, 5.2). Immutable. */
enum Refused {
    INVALID_REQUEST(400),
    INVALID_CLIENT(401),
    UNSUPPORTED_GRANT_TYPE(400),
    INVALID_SCOPE(400),
    /** A word of 4.1.2.1: 5.2 has none for it. */
    TEMPORARILY_UNAVAILABLE(429);

    private final int status;
    private final String word = name().toLowerCase(Locale.ROOT);

    Refused(int status) {
        this.status = status;
    }

    int status() {
        return status;
    }

    /** As the answer writes it. */
    String word() {
        return word;
    }

    /** For people. */
    Because because(String detail) {
        return new Because(this, detail);
    }

    /** With a word for people. Immutable. */
    record Because(Refused refused, String detail) {}
}
