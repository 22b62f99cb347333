package io.tollgate.controlplane.catalog.directory;

import io.tollgate.controlplane.catalog.revision.CatalogEntity;

/** An object after a put, and what the put did. Immutable. */
public record Written<E extends CatalogEntity>(E entity, Ending ending) {
    /** What a put did. */
    public enum Ending {
        CREATED,
        REPLACED,
        UNCHANGED
    }
}
