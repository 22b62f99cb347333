package io.tollgate.controlplane.catalog.revision;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.util.UUID;

/** That a revision put or removed one object; what nodes get as a delta is read from here. Worker threads only. */
@Entity
@Table(name = "change_log")
public class ChangeLogEntry {
    /** Which object, in which revision. Immutable. */
    @Embeddable
    public record Key(
            @Column(name = "revision", nullable = false) long revision,
            @Column(name = "object_kind", nullable = false) String objectKind,
            @Column(name = "object_id", nullable = false) UUID objectId) {}

    @EmbeddedId
    private Key key;

    @Column(nullable = false)
    private String operation;

    protected ChangeLogEntry() {}

    ChangeLogEntry(long revision, CatalogChange change) {
        this.key = new Key(revision, change.kind().word(), change.id());
        this.operation = change.removes() ? "remove" : "put";
    }

    public long revision() {
        return key.revision();
    }

    public ObjectKind kind() {
        return ObjectKind.ofWord(key.objectKind());
    }

    public UUID objectId() {
        return key.objectId();
    }

    public boolean removes() {
        return operation.equals("remove");
    }
}
