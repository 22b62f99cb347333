package io.tollgate.node.exchange;

import java.util.List;

/**
 * Names the requests of one event loop. Event-loop confined.
 *
 * <p>An id of the node's own is a number that counts on from a random one, in hexadecimal: unique as long as no two loops of
 * all nodes start within each other's calls, for which 64 bits leave room.
 */
public final class RequestIds {
    /** The field that carries an id. */
    public static final String FIELD = "X-Request-Id";
    /** Longest id that is kept: twice the longest in wide use. */
    static final int LENGTH_MAX = 128;

    private final RequestIdRules rules;
    private final long seed;
    private long last;

    /** @param seed number that no other loop and no other start of a node uses; ids count on from it */
    public RequestIds(RequestIdRules rules, long seed) {
        this.rules = rules;
        this.seed = seed;
        this.last = seed;
    }

    public RequestIdRules rules() {
        return rules;
    }

    long seed() {
        return seed;
    }

    /** The id of a request: a new one, or the client's where it may say one and it is an id. */
    String of(Exchange exchange) {
        if (rules.from().sends(exchange)) {
            List<String> said = exchange.request().headers().getAll(FIELD);
            if (said.size() == 1 && isId(said.get(0))) {
                return said.get(0);
            }
        }
        return Long.toHexString(++last);
    }

    // What UUIDs, ULIDs, Base64 and the ids of the large clouds are made of, and nothing that a log or a header reads
    // otherwise.
    private static boolean isId(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            return false;
        }
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean alphanumeric = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
            if (!alphanumeric && "-_.~+/=:@".indexOf(c) < 0) {
                return false;
            }
        }
        return true;
    }
}
