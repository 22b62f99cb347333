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

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable Map<String, Object> before;

    @JdbcTypeCode(SqlTypes.JSON)
    private @Nullable Map<String, Object> after;

    protected AuditEntry() {}

    /** A row about {@code deed}, done or refused at {@code happenedAt}; {@code revision} is absent when it was refused. */
    public AuditEntry(Instant happenedAt, Actor actor, Deed deed, @Nullable Long revision) {
        this.happenedAt = happenedAt;
        this.actor = actor.subject();
        this.roles = actor.rolesText();
        this.action = deed.action();
        this.objectKind = deed.objectKind();
        this.objectId = deed.objectId();
        this.objectName = deed.objectName();
        this.before = deed.before();
        this.after = deed.after();
        this.revision = revision;
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
