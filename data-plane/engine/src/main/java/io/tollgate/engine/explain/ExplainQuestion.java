package io.tollgate.engine.explain;

import java.util.List;
import java.util.Set;

/**
 * A request as a client would send it. Immutable.
 *
 * @param method upper case
 * @param host as in the Host field, with or without port; empty when there is none
 * @param target path and query, as in the request line
 * @param headers in order; names in any case
 * @param caller who calls
 * @param nowMillis when, milliseconds since the Unix epoch
 */
public record ExplainQuestion(
        String method, String host, String target, List<Header> headers, Caller caller, long nowMillis) {
    /** Copies the list. */
    public ExplainQuestion {
        headers = List.copyOf(headers);
    }

    /**
     * Who calls. Immutable.
     *
     * @param consumer name or id, taken to hold a good credential; empty for an anonymous caller
     * @param scopes what the credential may do
     * @param address from where; empty when it is not said, and then it is in no network
     */
    public record Caller(String consumer, Set<String> scopes, String address) {
        /** Nobody of whom anything is said. */
        public static final Caller ANONYMOUS = new Caller("", Set.of(), "");

        /** Copies the set. */
        public Caller {
            scopes = Set.copyOf(scopes);
        }
    }

    /** A header field. Immutable. */
    public record Header(String name, String value) {}
}
