package io.tollgate.controlplane.catalog.trustroot;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table trust_root. Shared; worker threads only. */
@ApplicationScoped
public class TrustRootRepository implements NamedRepository<TrustRootEntity> {}
