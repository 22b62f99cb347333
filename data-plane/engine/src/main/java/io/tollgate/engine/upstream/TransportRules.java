package io.tollgate.engine.upstream;

import org.jspecify.annotations.Nullable;

/**
 * How connections to the targets of a service are made. Immutable.
 *
 * @param tls null: in the clear
 */
public record TransportRules(
        UpstreamProtocol protocol, @Nullable TlsRules tls) {
    /** HTTP/1.1 in the clear. */
    public static final TransportRules PLAIN = new TransportRules(UpstreamProtocol.HTTP1, null);
}
