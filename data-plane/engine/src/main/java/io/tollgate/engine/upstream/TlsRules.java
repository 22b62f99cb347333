package io.tollgate.engine.upstream;

import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.TrustRoot;
import org.jspecify.annotations.Nullable;

/**
 * TLS to the targets of a service. Immutable.
 *
 * @param sni name that is asked for and must be in the certificate; empty: the target's host
 * @param verify false: any certificate is believed
 * @param versionMin the least that is spoken
 * @param trustRoot whose signatures are believed; null: those that the runtime believes
 * @param certificate shown to targets that ask for one; null: none
 */
public record TlsRules(
        String sni,
        boolean verify,
        TlsVersion versionMin,
        @Nullable TrustRoot trustRoot,
        @Nullable Certificate certificate) {
    /** The name that a target is known by, in its certificate and, when it is none of an address, in the handshake. */
    public String nameOf(TargetState target) {
        return sni.isEmpty() ? target.name() : sni;
    }
}
