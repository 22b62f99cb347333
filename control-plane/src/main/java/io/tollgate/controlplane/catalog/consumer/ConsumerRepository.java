package io.tollgate.controlplane.catalog.consumer;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table consumer. Shared; worker threads only. */
@ApplicationScoped
public class ConsumerRepository implements NamedRepository<ConsumerEntity> {}
