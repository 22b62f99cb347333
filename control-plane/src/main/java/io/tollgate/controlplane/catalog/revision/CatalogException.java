package io.tollgate.controlplane.catalog.revision;

/** A write or a read that the catalog refuses, with a sentence for the caller. Rolls the transaction back. Immutable. */
public abstract sealed class CatalogException extends RuntimeException
        permits CatalogBusy, CatalogConflict, ConfigurationRefused, InvalidFields, NotInCatalog, OutOfReach {
    CatalogException(String message) {
        // Expected endings: nobody reads their stack.
        super(message, null, false, false);
    }
}
