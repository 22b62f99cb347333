package io.tollgate.controlplane.catalog.policy;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table policy. Shared; worker threads only. */
@ApplicationScoped
public class PolicyRepository implements NamedRepository<PolicyEntity> {}
