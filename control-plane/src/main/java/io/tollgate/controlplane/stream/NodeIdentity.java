package io.tollgate.controlplane.stream;

import io.grpc.Context;
import io.grpc.Grpc;
import io.grpc.ServerCall;
import io.grpc.Status;
import io.tollgate.controlplane.join.NodeCertificates;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Optional;
import javax.naming.InvalidNameException;
import javax.naming.ldap.LdapName;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;

/** Who is at the other end of a call, by the certificate that the handshake has verified. Immutable. */
record NodeIdentity(String nodeId, X509Certificate certificate) {
    /** Of the call that is served. */
    static final Context.Key<NodeIdentity> CALLER = Context.key("node");

    /** What a node with a revoked certificate is told. */
    static final Status REVOKED =
            Status.UNAUTHENTICATED.withDescription("the certificate is revoked (expected: a new join token)");

    /** Absent where no certificate was shown. */
    static Optional<NodeIdentity> of(ServerCall<?, ?> call) {
        SSLSession session = call.getAttributes().get(Grpc.TRANSPORT_ATTR_SSL_SESSION);
        if (session == null) {
            return Optional.empty();
        }
        try {
            Certificate[] chain = session.getPeerCertificates();
            return chain.length > 0 && chain[0] instanceof X509Certificate own ? of(own) : Optional.empty();
        } catch (SSLPeerUnverifiedException noneWasShown) {
            return Optional.empty();
        }
    }

    private static Optional<NodeIdentity> of(X509Certificate certificate) {
        try {
            return new LdapName(certificate.getSubjectX500Principal().getName())
                    .getRdns().stream()
                            .filter(name -> name.getType().equalsIgnoreCase("CN"))
                            .findFirst()
                            .map(name -> new NodeIdentity(String.valueOf(name.getValue()), certificate));
        } catch (InvalidNameException notOurs) {
            return Optional.empty();
        }
    }

    String serial() {
        return NodeCertificates.serial(certificate);
    }

    boolean hasExpired(Instant now) {
        return !now.isBefore(certificate.getNotAfter().toInstant());
    }
}
