package io.tollgate.controlplane.admin.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A key pair of the own issuer, as its row says it. Worker threads only. */
@Entity
@Table(name = "issuer_key")
public class IssuerKeyEntity {
    @Id
    private UUID id;

    @Column(nullable = false)
    private String algorithm;

    @Column(name = "private_key", nullable = false)
    private byte[] privateKey;

    @Column(name = "envelope_key_id")
    private @Nullable String envelopeKeyId;

    @Column(name = "public_key", nullable = false)
    private byte[] publicKey;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    @Column(name = "retired_at")
    private @Nullable Instant retiredAt;

    protected IssuerKeyEntity() {}

    IssuerKeyEntity(UUID id, String algorithm, byte[] publicKey, Instant createdAt) {
        this.id = id;
        this.algorithm = algorithm;
        this.publicKey = publicKey.clone();
        this.createdAt = createdAt;
    }

    UUID id() {
        return id;
    }

    String algorithm() {
        return algorithm;
    }

    /** Whether {@link #privateKey} is sealed; one of an earlier version is not until a control plane has started. */
    boolean isSealed() {
        return envelopeKeyId != null;
    }

    /** PKCS#8, sealed for its id. */
    byte[] privateKey() {
        return privateKey.clone();
    }

    void seal(byte[] sealed, String byKey) {
        privateKey = sealed.clone();
        envelopeKeyId = byKey;
    }

    /** It signs no more, and verifies until then. */
    void retire(Instant at) {
        retiredAt = at;
    }

    /** X.509. */
    byte[] publicKey() {
        return publicKey.clone();
    }

    Instant createdAt() {
        return createdAt;
    }

    /** From when on it verifies no more; absent while it is in use. */
    @Nullable
    Instant retiredAt() {
        return retiredAt;
    }
}
