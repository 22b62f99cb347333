package io.tollgate.controlplane.join;

import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a control plane shows to nodes. Its text holds no secret. Immutable.
 *
 * @param chain its own certificate, then the authority's: a node that joins looks for that one
 */
public record ServerIdentity(PrivateKey key, List<X509Certificate> chain) {
    public ServerIdentity {
        chain = List.copyOf(chain);
    }

    @Override
    public String toString() {
        return "ServerIdentity[" + chain.get(0).getSubjectX500Principal() + "]";
    }
}
