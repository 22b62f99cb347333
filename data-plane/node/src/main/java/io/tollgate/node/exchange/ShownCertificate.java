package io.tollgate.node.exchange;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.tls.CertificateProof;
import io.tollgate.engine.tls.PeerCertificate;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The certificate that the client of one connection showed, and whom it proves; both are worked out when they are first asked for, the
 * second once for each configuration. Event-loop confined.
 */
public final class ShownCertificate implements CredentialFinder {
    private final PeerCertificate certificate;
    private final long notAfterMillis;
    private List<String> proofs = List.of();
    private String field = "";

    private @Nullable CredentialBindings askedOf;
    private @Nullable Credential found;
    private String proof = "";

    ShownCertificate(PeerCertificate certificate) {
        this.certificate = certificate;
        this.notAfterMillis = certificate.notAfter().toEpochMilli();
    }

    public PeerCertificate certificate() {
        return certificate;
    }

    /** Whether its time is over, which may come while its connection lives. */
    public boolean isOver(long nowMillis) {
        return nowMillis > notAfterMillis;
    }

    /** The credential that it proves; null when nobody is known by it. No allocation, but for the first time under a configuration. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    public @Nullable Credential credential(CompiledConfiguration configuration) {
        CredentialBindings bindings = configuration.bindings();
        if (askedOf != bindings) {
            askedOf = bindings;
            look(bindings);
        }
        return found;
    }

    private void look(CredentialBindings bindings) {
        if (proofs.isEmpty()) {
            proofs = CertificateProof.of(certificate);
        }
        found = null;
        for (int i = 0; found == null && i < proofs.size(); i++) {
            proof = proofs.get(i);
            found = untilItEnds(bindings.find(proof));
        }
    }

    private @Nullable Credential untilItEnds(@Nullable Credential credential) {
        return credential == null ? null : credential.until(notAfterMillis + 1);
    }

    /** By what of it the last credential was found. */
    public String proof() {
        return proof;
    }

    @Override
    public @Nullable Credential find(String presented, CompiledConfiguration configuration, LoopScratch scratch) {
        return untilItEnds(configuration.bindings().find(presented));
    }

    /** Value of the field Client-Cert (RFC 9440, 2.2). */
    public String field() {
        if (field.isEmpty()) {
            try {
                field = ':'
                        + Base64.getEncoder()
                                .encodeToString(certificate.chain().get(0).getEncoded())
                        + ':';
            } catch (CertificateEncodingException e) {
                throw new IllegalStateException("what was read can be written", e);
            }
        }
        return field;
    }
}
