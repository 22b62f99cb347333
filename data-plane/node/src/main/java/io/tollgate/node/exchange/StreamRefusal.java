package io.tollgate.node.exchange;

import java.util.Locale;

/** Why a stream of HTTP/2 is reset before it is a request, so that no line of the access log tells of it. Immutable. */
public enum StreamRefusal {
    /** What its client sent is no request (RFC 9113, 8.1.1). */
    MALFORMED,
    /** Its head, or one field of it, is larger than may be: answered with 431. */
    HEADER_TOO_LARGE,
    /** Its client has more streams open than it may. */
    STREAMS;

    private final String word = name().toLowerCase(Locale.ROOT).replace('_', '-');

    /** The word of metric labels, for example {@code header-too-large}. */
    public String word() {
        return word;
    }
}
