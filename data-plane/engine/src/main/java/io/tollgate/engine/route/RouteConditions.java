package io.tollgate.engine.route;

import java.util.List;

/**
 * What a request must carry beside host, path and method: all of it. Immutable.
 *
 * @param headers each name once
 * @param queryParameters each name once
 */
public record RouteConditions(List<ValueCondition> headers, List<ValueCondition> queryParameters) {
    /** Nothing more. */
    public static final RouteConditions NONE = new RouteConditions(List.of(), List.of());

    /** Copies the lists. */
    public RouteConditions {
        headers = List.copyOf(headers);
        queryParameters = List.copyOf(queryParameters);
    }

    /** Whether there are none. */
    public boolean isNone() {
        return headers.isEmpty() && queryParameters.isEmpty();
    }

    /** Whether the request carries all of it. Allocates nothing itself. */
    public boolean hold(RouteRequest request) {
        for (int i = 0; i < headers.size(); i++) {
            ValueCondition header = headers.get(i);
            if (!header.test().passes(request.header(header.name()))) {
                return false;
            }
        }
        for (int i = 0; i < queryParameters.size(); i++) {
            ValueCondition parameter = queryParameters.get(i);
            if (!parameter.test().passes(request.queryParameter(parameter.name()))) {
                return false;
            }
        }
        return true;
    }

    /** For people: "header x-tenant exactly blue, query parameter color present". */
    @Override
    public String toString() {
        StringBuilder out = new StringBuilder();
        headers.forEach(header -> separated(out).append("header ").append(header));
        queryParameters.forEach(
                parameter -> separated(out).append("query parameter ").append(parameter));
        return out.toString();
    }

    private static StringBuilder separated(StringBuilder out) {
        return out.length() == 0 ? out : out.append(", ");
    }
}
