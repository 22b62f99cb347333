package io.tollgate.engine.policy;

/** A coding in which a body may travel (RFC 9110, 8.4.1; br: RFC 7932; zstd: RFC 8878). Immutable. */
public enum ContentCoding {
    GZIP("gzip"),
    BR("br"),
    ZSTD("zstd");

    private final String token;

    ContentCoding(String token) {
        this.token = token;
    }

    /** As header fields write it. */
    public String token() {
        return token;
    }

    /** Whether a header field means this coding; "x-gzip" is gzip (RFC 9110, 8.4.1.3). */
    public boolean isNamed(String name) {
        return token.equalsIgnoreCase(name) || (this == GZIP && "x-gzip".equalsIgnoreCase(name));
    }
}
