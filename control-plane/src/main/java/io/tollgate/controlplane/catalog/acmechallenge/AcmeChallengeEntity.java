package io.tollgate.controlplane.catalog.acmechallenge;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An ACME challenge as its row says it. Worker threads only. */
@Entity
@Table(name = "acme_challenge")
public class AcmeChallengeEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String type;

    @Column
    private @Nullable String token;

    @Column
    private @Nullable String domain;

    @Column(name = "validation_certificate")
    private byte @Nullable [] validationCertificate;

    @Column(name = "private_key")
    private byte @Nullable [] privateKey;

    @Column(name = "envelope_key_id")
    private @Nullable String envelopeKeyId;

    @Column(name = "certificate_id")
    private @Nullable UUID certificateId;

    @Column(name = "key_authorization", nullable = false)
    private String keyAuthorization = "";

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected AcmeChallengeEntity() {}

    void apply(AcmeChallengeDraft draft) {
        name = draft.name();
        type = draft.type();
        token = draft.token();
        domain = draft.domain();
        certificateId = draft.certificateId();
        keyAuthorization = draft.keyAuthorization();
        tags = List.copyOf(draft.tags());
    }

    /**
     * Makes the certificate that proves the domain another one.
     *
     * @param der the certificate; null: none
     * @param sealed its key
     * @param envelopeKeyId of the key that sealed it
     */
    void proveBy(byte @Nullable [] der, byte @Nullable [] sealed, @Nullable String envelopeKeyId) {
        validationCertificate = der;
        privateKey = sealed;
        this.envelopeKeyId = envelopeKeyId;
    }

    @Override
    public String name() {
        return name;
    }

    /** http-01 or tls-alpn-01. */
    public String type() {
        return type;
    }

    /** Of http-01; null otherwise. */
    public @Nullable String token() {
        return token;
    }

    /** Of tls-alpn-01; null otherwise. */
    public @Nullable String domain() {
        return domain;
    }

    /** Whose order it is for; null when somebody else made it. */
    public @Nullable UUID certificateId() {
        return certificateId;
    }

    /** What whoever asks for the token is answered, or whose digest the certificate shows; empty before the row is first written. */
    public String keyAuthorization() {
        return keyAuthorization;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.ACME_CHALLENGE;
    }
}
