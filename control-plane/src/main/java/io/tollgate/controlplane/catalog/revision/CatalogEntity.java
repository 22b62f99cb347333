package io.tollgate.controlplane.catalog.revision;

import jakarta.persistence.Column;
import jakarta.persistence.Id;
import jakarta.persistence.MappedSuperclass;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What every row of the catalog has. Created, changed and deleted only through a {@link RevisionDraft}. Worker threads only. */
@MappedSuperclass
public abstract class CatalogEntity {
    @Id
    private UUID id = UUID.randomUUID();

    @Column(nullable = false)
    private long version;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt = Instant.EPOCH;

    @Column(name = "updated_at", nullable = false)
    private Instant updatedAt = Instant.EPOCH;

    public UUID id() {
        return id;
    }

    /** Moves by one with every change of the row. */
    public long version() {
        return version;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant updatedAt() {
        return updatedAt;
    }

    public abstract ObjectKind kind();

    /** What people call it; the id's text where there is no name. */
    public abstract String name();

    /**
     * Whose it is decides this object: itself, or what it belongs to. Nothing where it is everybody's, and so for nouns that do not say
     * otherwise: only who is not limited to teams may change such a one.
     */
    public @Nullable ObjectRef owner() {
        return null;
    }

    void born(Instant now) {
        version = 1;
        createdAt = now;
        updatedAt = now;
    }

    void changed(Instant now) {
        version++;
        updatedAt = now;
    }
}
