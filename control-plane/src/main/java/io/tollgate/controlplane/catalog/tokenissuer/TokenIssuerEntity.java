package io.tollgate.controlplane.catalog.tokenissuer;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** An issuer of tokens as its row says it; its secret is sealed, and only nodes get it. Worker threads only. */
@Entity
@Table(name = "token_issuer")
public class TokenIssuerEntity extends CatalogEntity {
    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private boolean enabled;

    @Column(nullable = false)
    private String issuer;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> settings = Map.of();

    @Column(name = "hmac_secret")
    private byte @Nullable [] hmacSecret;

    @Column(name = "envelope_key_id")
    private @Nullable String envelopeKeyId;

    @Column(name = "hmac_secret_changed_at")
    private @Nullable Instant hmacSecretChangedAt;

    @Column(name = "trust_root_id")
    private @Nullable UUID trustRootId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected TokenIssuerEntity() {}

    /** Makes the row as wanted; no secret: it has none. */
    void apply(TokenIssuerDraft draft, @Nullable UUID trustRoot, @Nullable SealedSecret secret) {
        name = draft.name();
        enabled = draft.enabled();
        issuer = draft.issuer();
        settings = Map.copyOf(draft.settings());
        trustRootId = trustRoot;
        hmacSecret = secret == null ? null : secret.bytes();
        envelopeKeyId = secret == null ? null : secret.envelopeKeyId();
        hmacSecretChangedAt = secret == null ? null : secret.changedAt();
        tags = List.copyOf(draft.tags());
    }

    /** The secret that is there. */
    @Nullable
    SealedSecret secret() {
        byte[] bytes = hmacSecret;
        String key = envelopeKeyId;
        Instant changedAt = hmacSecretChangedAt;
        return bytes == null || key == null || changedAt == null ? null : new SealedSecret(bytes, key, changedAt);
    }

    @Override
    public String name() {
        return name;
    }

    public boolean enabled() {
        return enabled;
    }

    public String issuer() {
        return issuer;
    }

    /** The members of the contract that have no column of their own. */
    public Map<String, Object> settings() {
        return settings;
    }

    /** When its secret became what it is; absent: it has none. */
    public @Nullable Instant hmacSecretChangedAt() {
        return hmacSecretChangedAt;
    }

    public @Nullable UUID trustRootId() {
        return trustRootId;
    }

    public List<String> tags() {
        return tags;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.TOKEN_ISSUER;
    }
}
