package io.tollgate.node.accesslog;

import io.tollgate.engine.tls.PeerCertificate;
import org.jspecify.annotations.Nullable;

/**
 * The facts of one request in the access log. Immutable; texts are empty where there is nothing to tell.
 *
 * @param query as the service may see it, without the question mark; empty also when none is logged
 * @param protocol of HTTP, for example HTTP/1.1
 * @param tokenIssuer name of the issuer of the token that proved the caller
 * @param tokenSubject digest of whom it tells
 * @param clientCertificate with which the client proved who it is; null when it did not
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
        String tokenIssuer,
        String tokenSubject,
        String plan,
        @Nullable PeerCertificate clientCertificate,
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
