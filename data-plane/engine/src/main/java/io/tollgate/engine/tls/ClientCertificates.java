package io.tollgate.engine.tls;

/** Whether clients prove themselves with certificates, too. Immutable. */
public enum ClientCertificates {
    /** They are not asked. */
    NONE,
    /** They may show one; one that is not believed ends the handshake. */
    REQUEST,
    /** They must show one that is believed. */
    REQUIRE
}
