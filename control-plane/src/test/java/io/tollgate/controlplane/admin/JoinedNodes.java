package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.created;

import io.tollgate.controlplane.join.JoinRefused;
import io.tollgate.controlplane.join.NodeCertificates;
import jakarta.enterprise.inject.spi.CDI;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.util.UUID;

/** Joins as nodes do, with tokens that the admin API issues. */
final class JoinedNodes {
    private JoinedNodes() {}

    static KeyPair key() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
            generator.initialize(new ECGenParameterSpec("secp256r1"));
            return generator.generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new AssertionError(e);
        }
    }

    /** A token that only this node can use. */
    static String token(String nodeId) {
        return created("/v1/join-tokens", "{\"node_id\": \"" + nodeId + "\"}").path("token");
    }

    static X509Certificate join(String nodeId) {
        try {
            return join(token(nodeId), nodeId, key());
        } catch (JoinRefused e) {
            throw new AssertionError(e);
        }
    }

    static X509Certificate join(String token, String nodeId, KeyPair key) throws JoinRefused {
        String[] parts = token.split("\\.", -1);
        String id = parts[1].replaceFirst("(.{8})(.{4})(.{4})(.{4})(.{12})", "$1-$2-$3-$4-$5");
        return CDI.current()
                .select(NodeCertificates.class)
                .get()
                .join(new NodeCertificates.Candidate(
                        UUID.fromString(id).toString(),
                        parts[2],
                        nodeId,
                        key.getPublic().getEncoded()));
    }
}
