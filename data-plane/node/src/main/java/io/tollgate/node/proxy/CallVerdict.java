package io.tollgate.node.proxy;

import io.tollgate.engine.upstream.CallResult;
import io.tollgate.node.exchange.Outcome;
import io.vertx.core.http.HttpMethod;

/** What the end of a call says of its service, and which calls may be asked more than once. Immutable functions. */
final class CallVerdict {
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVICE_UNAVAILABLE = 503;

    private CallVerdict() {}

    /**
     * How a call ended, as far as the service is concerned.
     *
     * @param status of its answer; 0: none came
     */
    static CallResult of(Outcome outcome, int status) {
        return switch (outcome) {
            case OK -> status >= 500 ? CallResult.SERVER_ERROR : CallResult.SUCCESS;
            case UPSTREAM_CONNECT, UPSTREAM_CONNECT_TIMEOUT, UPSTREAM_UNRESOLVED, UPSTREAM_TLS, UPSTREAM_CERTIFICATE ->
                CallResult.CONNECT_FAILURE;
            case UPSTREAM_RESET, UPSTREAM_PROTOCOL -> CallResult.RESET;
            case UPSTREAM_TIMEOUT -> CallResult.TIMEOUT;
            default -> CallResult.CANCELLED;
        };
    }

    /** Whether it shows an overload: 429, 503, silence, and connections that are refused or broken before an answer. */
    static boolean isOverload(CallResult result, int status) {
        return (status == 0 && result.isFailure())
                || result == CallResult.TIMEOUT
                || status == TOO_MANY_REQUESTS
                || status == SERVICE_UNAVAILABLE;
    }

    static boolean isIdempotent(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "PUT", "DELETE", "OPTIONS", "TRACE" -> true;
            default -> false;
        };
    }

    /** Reads only: a hedge is sent while the first one may still be worked on. */
    static boolean isHedged(HttpMethod method) {
        return switch (method.name()) {
            case "GET", "HEAD", "OPTIONS" -> true;
            default -> false;
        };
    }
}
