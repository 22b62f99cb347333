package io.tollgate.engine.upstream;

/** What is spoken to the targets of a service. Immutable. */
public enum UpstreamProtocol {
    /** HTTP/1.1 (RFC 9112). */
    HTTP1,
    /** HTTP/2 with prior knowledge (RFC 9113, 3.3). */
    HTTP2
}
