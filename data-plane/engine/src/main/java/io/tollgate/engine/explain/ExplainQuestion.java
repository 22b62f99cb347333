package io.tollgate.engine.explain;

import java.util.List;

/**
 * A request as a client would send it. Immutable.
 *
 * @param method upper case
 * @param host as in the Host field, with or without port; empty when there is none
 * @param target path and query, as in the request line
 * @param headers in order; names in any case
 * @param consumer name or id of the consumer that calls, taken to hold a good key; empty for an anonymous caller
 * @param nowMillis when, milliseconds since the Unix epoch
 */
public record ExplainQuestion(
        String method, String host, String target, List<Header> headers, String consumer, long nowMillis) {
    /** Copies the list. */
    public ExplainQuestion {
        headers = List.copyOf(headers);
    }

    /** A header field. Immutable. */
    public record Header(String name, String value) {}
}
