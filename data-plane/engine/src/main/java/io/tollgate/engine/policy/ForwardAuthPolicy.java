package io.tollgate.engine.policy;

import java.util.List;

/**
 * That a service is asked before each call. Immutable.
 *
 * @param name of the policy
 * @param serviceId of the service that is asked
 * @param path below its prefix
 * @param method GET, HEAD or POST
 * @param requestHeaders fields of the call that it is told, in lower case
 * @param upstreamHeaders fields of its answer that the call gets on its way
 * @param clientHeaders fields of its refusal that the client gets
 * @param timeoutMillis how long its answer is waited for
 * @param failsOpen whether a call goes on when it does not answer
 * @param cacheSeconds how long a yes holds for the very same question; 0: it is asked each time
 */
public record ForwardAuthPolicy(
        String name,
        String serviceId,
        String path,
        String method,
        List<String> requestHeaders,
        List<String> upstreamHeaders,
        List<String> clientHeaders,
        int timeoutMillis,
        boolean failsOpen,
        int cacheSeconds) {
    /** Copies the lists. */
    public ForwardAuthPolicy {
        requestHeaders = List.copyOf(requestHeaders);
        upstreamHeaders = List.copyOf(upstreamHeaders);
        clientHeaders = List.copyOf(clientHeaders);
    }
}
