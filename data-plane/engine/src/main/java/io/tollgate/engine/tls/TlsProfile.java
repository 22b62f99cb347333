package io.tollgate.engine.tls;

/** Which versions and cipher suites are spoken, in the words of Mozilla's guideline for TLS on servers, version 5. Immutable. */
public enum TlsProfile {
    /** TLS 1.3 only. */
    MODERN,
    /** TLS 1.2 and 1.3, forward secret suites with authenticated encryption only. */
    INTERMEDIATE
}
