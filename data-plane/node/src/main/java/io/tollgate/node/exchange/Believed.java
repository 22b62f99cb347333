package io.tollgate.node.exchange;

/** Whose word about a request is taken for what it says. Immutable. */
public enum Believed {
    NOBODY,
    /** Requests of a proxy that the listener trusts, and that says whom it speaks for. */
    PROXIES,
    ANYONE;

    /** Reads it from its word. Throws IllegalArgumentException for another. */
    public static Believed parse(String word) {
        return switch (word) {
            case "nobody" -> NOBODY;
            case "proxies" -> PROXIES;
            case "anyone" -> ANYONE;
            default -> throw new IllegalArgumentException(word + " (expected: nobody, proxies or anyone)");
        };
    }

    /** Whether it is the sender of this request. */
    public boolean sends(Exchange exchange) {
        return this == ANYONE || (this == PROXIES && exchange.proxies() != null);
    }
}
