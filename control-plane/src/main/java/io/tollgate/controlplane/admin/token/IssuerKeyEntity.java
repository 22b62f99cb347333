package io.tollgate.controlplane.admin.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A key pair of the own issuer, as its row says it. Worker threads only. */
@Entity
@Table(name = "issuer_key")
public class IssuerKeyEntity {
    @Id
    private String id;

    @Column(nullable = false)
    private String algorithm;

    @Column(name = "private_key", nullable = false)
    private byte[] privateKey;

    @Column(name = "public_key", nullable = false)
    private byte[] publicKey;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    @Column(name = "retired_at")
    private @Nullable Instant retiredAt;

    protected IssuerKeyEntity() {}

    IssuerKeyEntity(String id, String algorithm, byte[] privateKey, byte[] publicKey, Instant createdAt) {
        this.id = id;
        this.algorithm = algorithm;
        this.privateKey = privateKey.clone();
        this.publicKey = publicKey.clone();
        this.createdAt = createdAt;
    }

    String id() {
        return id;
    }

    String algorithm() {
        return algorithm;
    }

    /** PKCS#8. */
    byte[] privateKey() {
        return privateKey.clone();
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
