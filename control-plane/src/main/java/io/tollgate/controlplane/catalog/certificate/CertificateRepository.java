package io.tollgate.controlplane.catalog.certificate;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table certificate. Shared; worker threads only. */
@ApplicationScoped
public class CertificateRepository implements NamedRepository<CertificateEntity> {}
