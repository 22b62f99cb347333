package io.tollgate.controlplane.catalog.team;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table team. Shared; worker threads only. */
@ApplicationScoped
public class TeamRepository implements NamedRepository<TeamEntity> {}
