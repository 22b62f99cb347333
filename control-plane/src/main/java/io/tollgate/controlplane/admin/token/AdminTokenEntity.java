package io.tollgate.controlplane.admin.token;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** What is known of a token that the own issuer has signed; the token itself is kept nowhere. Worker threads only. */
@Entity
@Table(name = "admin_token")
public class AdminTokenEntity {
    @Id
    private UUID id;

    @Column(nullable = false)
    private String name;

    @Column(nullable = false)
    private String subject;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<String> roles;

    @JdbcTypeCode(SqlTypes.ARRAY)
    @Column(nullable = false)
    private List<UUID> teams;

    @Column(name = "created_by", nullable = false)
    private String createdBy;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    @Column(name = "expires_at", nullable = false)
    private Instant expiresAt;

    @Column(name = "last_used_at")
    private @Nullable Instant lastUsedAt;

    @Column(name = "revoked_at")
    private @Nullable Instant revokedAt;

    @Column(name = "revoked_by")
    private @Nullable String revokedBy;

    protected AdminTokenEntity() {}

    AdminTokenEntity(TokenGrant grant, String createdBy) {
        this.id = grant.id();
        this.name = grant.name();
        this.subject = grant.subject();
        this.roles = grant.roles().stream().sorted().toList();
        this.teams = grant.teams().stream().sorted().toList();
        this.createdBy = createdBy;
        this.createdAt = grant.issuedAt();
        this.expiresAt = grant.expiresAt();
    }

    /** Which also stands in the token, as its {@code jti}. */
    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String subject() {
        return subject;
    }

    public List<String> roles() {
        return List.copyOf(roles);
    }

    /** Ids of the teams to whose objects it is limited; none: it is not limited. */
    public List<UUID> teams() {
        return List.copyOf(teams);
    }

    public String createdBy() {
        return createdBy;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    /** Behind by {@link AdminTokens#USE_NOTED_EVERY} at most; absent when it was never used. */
    public @Nullable Instant lastUsedAt() {
        return lastUsedAt;
    }

    public @Nullable Instant revokedAt() {
        return revokedAt;
    }

    public @Nullable String revokedBy() {
        return revokedBy;
    }

    /** Whether it lets its bearer in at {@code now}. */
    public boolean isActive(Instant now) {
        return revokedAt == null && now.isBefore(expiresAt);
    }

    void revoke(Instant now, String by) {
        revokedAt = now;
        revokedBy = by;
    }
}
