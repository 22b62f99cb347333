package io.tollgate.controlplane.catalog.certificate;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.engine.tls.CertificateChain;
import io.tollgate.engine.tls.TlsFault;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** A certificate as its row says it; its key is sealed, and only nodes get it. Worker threads only. */
@Entity
@Table(name = "certificate")
public class CertificateEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(name = "certificate_chain", nullable = false)
    private String certificateChain = "";

    @Column(name = "private_key", nullable = false)
    private byte[] privateKey;

    @Column(name = "envelope_key_id", nullable = false)
    private String envelopeKeyId;

    @Column(name = "ocsp_response")
    private byte @Nullable [] ocspResponse;

    @Column(name = "ocsp_next_update")
    private @Nullable Instant ocspNextUpdate;

    @Column(name = "not_after", nullable = false)
    private Instant notAfter;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected CertificateEntity() {}

    /**
     * Makes the row as wanted.
     *
     * @param notAfter when the first certificate of the chain expires
     * @param sealed the key; null: the one that is there stays
     */
    void apply(CertificateDraft draft, Instant notAfter, @Nullable SealedKey sealed, @Nullable OcspAnswer ocsp) {
        name = draft.name();
        certificateChain = draft.certificateChain();
        this.notAfter = notAfter;
        if (sealed != null) {
            privateKey = sealed.bytes();
            envelopeKeyId = sealed.envelopeKeyId();
        }
        ocspResponse = ocsp == null ? null : ocsp.der();
        ocspNextUpdate = ocsp == null ? null : ocsp.nextUpdate();
        tags = List.copyOf(draft.tags());
    }

    @Override
    public String name() {
        return name;
    }

    /** PEM; empty before the row is first written. */
    public String certificateChain() {
        return certificateChain;
    }

    /** The same, parsed. */
    public CertificateChain chain() {
        try {
            return CertificateChain.parse(certificateChain);
        } catch (TlsFault e) {
            throw new IllegalStateException("certificate " + id() + " was checked before it was stored", e);
        }
    }

    /** DER. */
    public byte @Nullable [] ocspResponse() {
        return ocspResponse == null ? null : ocspResponse.clone();
    }

    /** When the first certificate of the chain expires. */
    public Instant notAfter() {
        return notAfter;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.CERTIFICATE;
    }
}
