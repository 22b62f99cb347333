package io.tollgate.controlplane.catalog.revision;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** One committed revision. Worker threads only. */
@Entity
@Table(name = "revision")
public class RevisionEntry {
    @Id
    private long revision;

    @Column(name = "committed_at", nullable = false)
    private Instant committedAt;

    @Column(nullable = false)
    private String actor;

    @Column(nullable = false)
    private String summary;

    protected RevisionEntry() {}

    RevisionEntry(long revision, Instant committedAt, String actor, String summary) {
        this.revision = revision;
        this.committedAt = committedAt;
        this.actor = actor;
        this.summary = summary;
    }

    public long revision() {
        return revision;
    }

    public Instant committedAt() {
        return committedAt;
    }

    public String actor() {
        return actor;
    }

    public String summary() {
        return summary;
    }
}
