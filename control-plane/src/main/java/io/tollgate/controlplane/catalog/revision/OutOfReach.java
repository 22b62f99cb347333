package io.tollgate.controlplane.catalog.revision;

/** The object may be seen by the caller, and not be changed. Immutable. */
public final class OutOfReach extends CatalogException {
    public OutOfReach(String detail) {
        super(detail);
    }
}
