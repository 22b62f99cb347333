package io.tollgate.controlplane.catalog.plan;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table plan. Shared; worker threads only. */
@ApplicationScoped
public class PlanRepository implements NamedRepository<PlanEntity> {}
