package io.tollgate.controlplane.catalog.credential;

import io.tollgate.controlplane.catalog.envelope.SealedSecret;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** What proves a consumer as its row says it: of an API key everything but the key. Worker threads only. */
@Entity
@Table(name = "credential")
public class CredentialEntity extends CatalogEntity {
    private static final String KEY = "key";

    @Column(name = "consumer_id", nullable = false)
    private UUID consumerId;

    @Column(nullable = false)
    private String name;

    // "key", or a type whose document says what it is bound to.
    @Column(nullable = false)
    private String type = KEY;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, Object> config = Map.of();

    // The reference of the document once more, so that what it refers to cannot go.
    @Column(name = "token_issuer_id")
    private @Nullable UUID tokenIssuerId;

    // What is secret of one that is no API key, sealed.
    @Column
    private byte @Nullable [] secret;

    @Column(name = "envelope_key_id")
    private @Nullable String envelopeKeyId;

    @Column(name = "secret_changed_at")
    private @Nullable Instant secretChangedAt;

    // "live" or "test".
    @Column(nullable = false)
    private String environment;

    @Column
    private byte @Nullable [] digest;

    @Column(nullable = false)
    private String prefix;

    @Column(name = "expires_at")
    private @Nullable Instant expiresAt;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> scopes = List.of();

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> networks = List.of();

    @Column(nullable = false)
    private int generation = 1;

    @Column
    private @Nullable UUID replaces;

    @Column(name = "replaced_by")
    private @Nullable UUID replacedBy;

    @Column(name = "deprecated_at")
    private @Nullable Instant deprecatedAt;

    @Column(nullable = false)
    private boolean imported;

    @Column(name = "revoked_at")
    private @Nullable Instant revokedAt;

    protected CredentialEntity() {}

    CredentialEntity(UUID consumerId, String environment, Secret secret) {
        this.consumerId = consumerId;
        this.environment = environment;
        this.digest = secret.digest().clone();
        this.prefix = secret.prefix();
        this.imported = secret.imported();
    }

    /**
     * What is kept of a secret. Immutable.
     *
     * @param digest   by which nodes find the key; 32 bytes
     * @param prefix   for people; empty where the secret is not ours to show
     * @param imported whether it was made elsewhere
     */
    record Secret(byte[] digest, String prefix, boolean imported) {}

    /** The key that takes this one's place, with this secret. */
    CredentialEntity successor(Secret secret, @Nullable Instant endsAt) {
        CredentialEntity next = new CredentialEntity(consumerId, environment, secret);
        next.name = name;
        next.scopes = scopes;
        next.networks = networks;
        next.expiresAt = endsAt;
        next.generation = generation + 1;
        next.replaces = id();
        return next;
    }

    /** From now on another one should be used; at the end this one does not work any more. */
    void replacedBy(CredentialEntity next, Instant now, Instant endsAt) {
        replacedBy = next.id();
        deprecatedAt = now;
        expiresAt = endsAt;
    }

    void rename(String to) {
        name = to;
    }

    /** One that is no API key. */
    CredentialEntity(UUID consumerId, String type) {
        this.consumerId = consumerId;
        this.type = type;
        this.environment = "live";
        this.prefix = "";
    }

    /** Binds it as wanted. */
    void bind(BindingDraft draft, @Nullable UUID issuer, @Nullable SealedSecret sealed) {
        name = draft.name();
        secret = sealed == null ? null : sealed.bytes();
        envelopeKeyId = sealed == null ? null : sealed.envelopeKeyId();
        secretChangedAt = sealed == null ? null : sealed.changedAt();
        tokenIssuerId = issuer;
        Map<String, Object> members = new HashMap<>(draft.settings());
        if (issuer != null) {
            members.put("issuer_id", issuer.toString());
        }
        config = Map.of(member(), Map.copyOf(members));
    }

    /** The secret that is there. */
    @Nullable
    SealedSecret secret() {
        byte[] bytes = secret;
        String key = envelopeKeyId;
        Instant changedAt = secretChangedAt;
        return bytes == null || key == null || changedAt == null ? null : new SealedSecret(bytes, key, changedAt);
    }

    /** When its secret became what it is; absent: it has none. */
    public @Nullable Instant secretChangedAt() {
        return secretChangedAt;
    }

    void apply(CredentialDraft draft) {
        name = draft.name();
        expiresAt = draft.expiresAt();
        scopes = draft.scopes();
        networks = draft.networks();
    }

    void revoke(Instant now) {
        if (revokedAt == null) {
            revokedAt = now;
        }
    }

    @Override
    public String name() {
        return name;
    }

    public UUID consumerId() {
        return consumerId;
    }

    public String environment() {
        return environment;
    }

    /** The word of its type. */
    public String type() {
        return type;
    }

    /** The name of its type as a member. */
    public String member() {
        return type.replace('-', '_');
    }

    /** Whether it is an API key. */
    public boolean isKey() {
        return KEY.equals(type);
    }

    /** What it is bound to, under {@link #member}; empty for an API key. */
    public Map<String, Object> config() {
        return config;
    }

    /** Whose tokens prove it. */
    public @Nullable UUID tokenIssuerId() {
        return tokenIssuerId;
    }

    public String prefix() {
        return prefix;
    }

    public @Nullable Instant expiresAt() {
        return expiresAt;
    }

    /** Rises with each rotation under the same name. */
    public int generation() {
        return generation;
    }

    public @Nullable UUID replaces() {
        return replaces;
    }

    public @Nullable UUID replacedBy() {
        return replacedBy;
    }

    public @Nullable Instant deprecatedAt() {
        return deprecatedAt;
    }

    public boolean imported() {
        return imported;
    }

    public List<String> scopes() {
        return scopes;
    }

    public List<String> networks() {
        return networks;
    }

    public @Nullable Instant revokedAt() {
        return revokedAt;
    }

    @Override
    public ObjectKind kind() {
        return ObjectKind.CREDENTIAL;
    }

    @Override
    public ObjectRef owner() {
        return new ObjectRef(ObjectKind.CONSUMER, consumerId);
    }
}
