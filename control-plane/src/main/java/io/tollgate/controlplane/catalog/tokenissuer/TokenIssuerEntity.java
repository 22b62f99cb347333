package io.tollgate.controlplane.catalog.tokenissuer;

import io.tollgate.controlplane.catalog.envelope.SealedSecret;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
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

    @Column(name = "client_secret")
    private byte @Nullable [] clientSecret;

    @Column(name = "client_secret_changed_at")
    private @Nullable Instant clientSecretChangedAt;

    @Column(name = "signing_keys")
    private byte @Nullable [] signingKeys;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(name = "signing_key_list", nullable = false)
    private List<ListedKey> signingKeyList = List.of();

    @Column(name = "trust_root_id")
    private @Nullable UUID trustRootId;

    // The reference of the settings once more, so that what it refers to cannot go.
    @Column(name = "new_consumer_plan_id")
    private @Nullable UUID newConsumerPlanId;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> tags = List.of();

    protected TokenIssuerEntity() {}

    /** Makes the row as wanted; no secret: it has none. */
    void apply(
            TokenIssuerDraft draft,
            References references,
            @Nullable SealedSecret secret,
            @Nullable SealedSecret askingWith,
            @Nullable SealedRing ring) {
        name = draft.name();
        enabled = draft.enabled();
        issuer = draft.issuer();
        settings = resolved(draft.settings(), references.newConsumerPlan());
        trustRootId = references.trustRoot();
        newConsumerPlanId = references.newConsumerPlan();
        hmacSecret = secret == null ? null : secret.bytes();
        hmacSecretChangedAt = secret == null ? null : secret.changedAt();
        clientSecret = askingWith == null ? null : askingWith.bytes();
        clientSecretChangedAt = askingWith == null ? null : askingWith.changedAt();
        SealedSecret any = secret == null ? askingWith : secret;
        envelopeKeyId = any == null ? null : any.envelopeKeyId();
        signingKeys = null;
        signingKeyList = List.of();
        if (ring != null) {
            signWith(ring);
        }
        tags = List.copyOf(draft.tags());
    }

    /** What it refers to. Immutable. */
    record References(@Nullable UUID trustRoot, @Nullable UUID newConsumerPlan) {}

    /** As nodes read them: the plan by its id. */
    private static Map<String, Object> resolved(Map<String, Object> settings, @Nullable UUID plan) {
        Map<String, Object> all = new HashMap<>(settings);
        if (settings.get(TokenIssuerDraft.NEW_CONSUMERS) instanceof Map<?, ?> made) {
            Map<String, Object> members = new HashMap<>();
            made.forEach((member, value) -> members.put(String.valueOf(member), value));
            members.remove("plan");
            members.put("plan_id", String.valueOf(plan));
            all.put(TokenIssuerDraft.NEW_CONSUMERS, Map.copyOf(members));
        }
        return Map.copyOf(all);
    }

    /** The plan of consumers that are made of its subjects; absent: none are. */
    public @Nullable UUID newConsumerPlanId() {
        return newConsumerPlanId;
    }

    /** What consumers that are made of its subjects are like; empty: none are made. */
    public Map<?, ?> newConsumers() {
        return settings.get(TokenIssuerDraft.NEW_CONSUMERS) instanceof Map<?, ?> made ? made : Map.of();
    }

    /** Nodes sign its tokens with these. */
    void signWith(SealedRing ring) {
        signingKeys = ring.bytes();
        signingKeyList = ring.listed();
        envelopeKeyId = ring.envelopeKeyId();
    }

    /** The key pairs that are there; none: nodes do not issue its tokens. */
    @Nullable
    SealedRing ring() {
        byte[] bytes = signingKeys;
        String key = envelopeKeyId;
        return bytes == null || key == null ? null : new SealedRing(bytes, key, signingKeyList);
    }

    /** After how long its newest key is to have a successor. */
    int keyRotationDays() {
        return settings.get("authorization_server") instanceof Map<?, ?> server
                        && server.get("key_rotation_days") instanceof Integer days
                ? days
                : Integer.MAX_VALUE;
    }

    /** What everybody may know of the key pairs with which nodes sign its tokens. */
    public List<ListedKey> signingKeyList() {
        return signingKeyList;
    }

    /** The secret that is there. */
    @Nullable
    SealedSecret secret() {
        return sealed(hmacSecret, hmacSecretChangedAt);
    }

    /** The secret that is there with which it is asked about its tokens. */
    @Nullable
    SealedSecret clientSecret() {
        return sealed(clientSecret, clientSecretChangedAt);
    }

    private @Nullable SealedSecret sealed(byte @Nullable [] bytes, @Nullable Instant changedAt) {
        String key = envelopeKeyId;
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

    /** When the secret with which it is asked became what it is; absent: it is not asked. */
    public @Nullable Instant clientSecretChangedAt() {
        return clientSecretChangedAt;
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
