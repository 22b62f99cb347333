package io.tollgate.controlplane.catalog.revision;

/** Other writers held the line of revisions for too long; trying again later is right. Immutable. */
public final class CatalogBusy extends CatalogException {
    public CatalogBusy(String detail) {
        super(detail);
    }
}
