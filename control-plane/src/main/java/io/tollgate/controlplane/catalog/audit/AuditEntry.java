package io.tollgate.controlplane.catalog.audit;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;
import org.jspecify.annotations.Nullable;

/** One row of the audit; never changed after it was written. Worker threads only. */
@Entity
@Table(name = "audit")
public class AuditEntry {
    @Id
    @GeneratedValue(strategy = GenerationType.IDENTITY)
    private @Nullable Long id;

    @Column(name = "happened_at", nullable = false)
    private Instant happenedAt;

    @Column(nullable = false)
    private String actor;

    @Column(nullable = false)
    private String roles;

    @Column(nullable = false)
    private String action;

    @Column(name = "object_kind", nullable = false)
    private String objectKind;

    @Column(name = "object_id")
    private @Nullable UUID objectId;

    @Column(name = "object_name")
    private @Nullable String objectName;

    @Column
    private @Nullable Long revision;

    @Column
    private @Nullable String issuer;

    @Column(name = "token_id")
    private @Nullable String tokenId;

    @Column(name = "client_address")
    private @Nullable String clientAddress;

    @Column(name = "user_agent")
    private @Nullable String userAgent;

    @Column(name = "request_id")
    private @Nullable UUID requestId;

    @Column(nullable = false)
    private String outcome;

    @Column
    private @Nullable Integer status;

    @Column(nullable = false)
    private long attempts;

    @Column(name = "last_at")
    private @Nullable Instant lastAt;

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable Map<String, Object> before;

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable Map<String, Object> after;

    protected AuditEntry() {}

    /** A row about {@code deed}, done in {@code revision}, or beside the catalog where there is none. */
    static AuditEntry done(Instant happenedAt, Actor actor, Deed deed, @Nullable Long revision) {
        AuditEntry entry = new AuditEntry(happenedAt, actor, deed);
        entry.outcome = "done";
        entry.attempts = 1;
        entry.revision = revision;
        return entry;
    }

    /** A row about a {@code deed} that was refused. */
    static AuditEntry refused(Instant happenedAt, Actor actor, Deed deed, Refusal refusal) {
        AuditEntry entry = new AuditEntry(happenedAt, actor, deed);
        entry.outcome = "refused";
        entry.status = refusal.status();
        entry.attempts = refusal.attempts();
        entry.lastAt = refusal.lastAt();
        return entry;
    }

    private AuditEntry(Instant happenedAt, Actor actor, Deed deed) {
        this.happenedAt = happenedAt;
        this.actor = actor.subject();
        this.roles = actor.rolesText();
        this.issuer = actor.proof().issuer();
        this.tokenId = actor.proof().tokenId();
        this.clientAddress = actor.origin().clientAddress();
        this.userAgent = actor.origin().userAgent();
        this.requestId = actor.origin().requestId();
        this.action = deed.action();
        this.objectKind = deed.objectKind();
        this.objectId = deed.objectId();
        this.objectName = deed.objectName();
        this.before = Redaction.of(deed.before(), null);
        this.after = Redaction.of(deed.after(), deed.before());
    }

    public String action() {
        return action;
    }

    public String actor() {
        return actor;
    }

    public String objectKind() {
        return objectKind;
    }

    public @Nullable UUID objectId() {
        return objectId;
    }

    public @Nullable String objectName() {
        return objectName;
    }

    public @Nullable Long revision() {
        return revision;
    }

    public @Nullable Map<String, Object> before() {
        return before;
    }

    public @Nullable Map<String, Object> after() {
        return after;
    }
}
