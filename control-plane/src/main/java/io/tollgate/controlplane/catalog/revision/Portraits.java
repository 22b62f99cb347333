package io.tollgate.controlplane.catalog.revision;

import java.util.Map;

/** Shows an object as the admin API shows it, for the audit and to tell whether it changed: no secrets, no digests. */
public interface Portraits {
    Map<String, Object> of(CatalogEntity entity);
}
