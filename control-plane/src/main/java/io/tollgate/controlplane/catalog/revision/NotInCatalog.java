package io.tollgate.controlplane.catalog.revision;

/** There is no such thing. Immutable. */
public final class NotInCatalog extends CatalogException {
    public NotInCatalog(String what, String nameOrId) {
        super("there is no " + what + " " + nameOrId);
    }
}
