package io.tollgate.controlplane.catalog.revision;

/** The write contradicts what is there: the name is taken, or something refers to what should go. Immutable. */
public final class CatalogConflict extends CatalogException {
    public CatalogConflict(String detail) {
        super(detail);
    }
}
