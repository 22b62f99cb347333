package io.tollgate.controlplane.catalog.team;

import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.util.UUID;

/** An object that a team names. Immutable. */
@Embeddable
public record TeamMember(
        @Column(name = "object_kind", nullable = false) String objectKind,
        @Column(name = "object_id", nullable = false) UUID objectId) {
    static TeamMember of(ObjectKind kind, UUID id) {
        return new TeamMember(kind.word(), id);
    }
}
