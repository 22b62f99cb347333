package io.tollgate.node.accesslog;

/**
 * The facts of one request in the access log. Immutable; texts are empty where there is nothing to tell.
 *
 * @param query as the service may see it, without the question mark; empty also when none is logged
 * @param protocol of HTTP, for example HTTP/1.1
 * @param headers values of the chosen header fields, in their order; empty: absent
 * @param share of the requests alike that are logged, above 0 and at most 1
 */
record AccessLine(
        long timeMillis,
        String requestId,
        String traceId,
        String client,
        String method,
        String host,
        String path,
        String query,
        String protocol,
        String route,
        String service,
        String consumer,
        String credentialId,
        String plan,
        int status,
        String outcome,
        long requestBytes,
        long responseBytes,
        long durationMicros,
        long gatewayMicros,
        String upstream,
        long upstreamHeadMicros,
        long upstreamMicros,
        String[] headers,
        double share) {}
