package io.tollgate.engine.upstream;

/** What is spoken to the targets of a service. Immutable. */
public enum UpstreamProtocol {
    /** HTTP/1.1 (RFC 9112). */
    HTTP1,
    /** HTTP/2: with prior knowledge in the clear, by ALPN over TLS (RFC 9113, 3.2 and 3.3). */
    HTTP2,
    /** Over TLS: what ALPN (RFC 7301) agrees on. */
    AUTO
}
