package io.tollgate.controlplane.catalog.listener;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table listener. Shared; worker threads only. */
@ApplicationScoped
public class ListenerRepository implements NamedRepository<ListenerEntity> {}
