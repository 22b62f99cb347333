package io.tollgate.controlplane.catalog.route;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table route. Shared; worker threads only. */
@ApplicationScoped
public class RouteRepository implements NamedRepository<RouteEntity> {}
