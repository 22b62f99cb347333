package io.tollgate.engine.upstream;

/** How connections to the targets of a service are made. Immutable. */
public record TransportRules(UpstreamProtocol protocol) {
    /** HTTP/1.1 in the clear. */
    public static final TransportRules PLAIN = new TransportRules(UpstreamProtocol.HTTP1);
}
