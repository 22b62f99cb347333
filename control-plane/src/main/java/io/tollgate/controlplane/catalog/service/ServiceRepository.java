package io.tollgate.controlplane.catalog.service;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table service. Shared; worker threads only. */
@ApplicationScoped
public class ServiceRepository implements NamedRepository<ServiceEntity> {}
