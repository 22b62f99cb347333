package io.tollgate.engine.policy;

import java.util.List;

/**
 * How an API key is presented. Immutable.
 *
 * @param headerNames lower-case names of the headers that may hold it; the first present wins
 * @param queryParameters names of the query parameters that may hold it, looked at after the headers
 * @param anonymousAllowed a call without any key passes; a bad key is refused all the same
 */
public record KeyAuthPolicy(List<String> headerNames, List<String> queryParameters, boolean anonymousAllowed) {
    /** What applies where nothing else is configured. */
    public static final KeyAuthPolicy DEFAULT = new KeyAuthPolicy(List.of("x-api-key"), List.of("api_key"), false);

    /** Copies the lists. */
    public KeyAuthPolicy {
        headerNames = List.copyOf(headerNames);
        queryParameters = List.copyOf(queryParameters);
    }
}
