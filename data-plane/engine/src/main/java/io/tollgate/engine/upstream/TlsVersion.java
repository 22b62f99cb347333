package io.tollgate.engine.upstream;

/** Versions of TLS that are good enough to begin with, in order. Immutable. */
public enum TlsVersion {
    /** RFC 5246. */
    TLS12,
    /** RFC 8446. */
    TLS13
}
