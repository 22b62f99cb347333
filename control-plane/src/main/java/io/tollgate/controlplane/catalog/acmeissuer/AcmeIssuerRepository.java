package io.tollgate.controlplane.catalog.acmeissuer;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table acme_issuer. Shared; worker threads only. */
@ApplicationScoped
public class AcmeIssuerRepository implements NamedRepository<AcmeIssuerEntity> {}
