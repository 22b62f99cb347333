package io.tollgate.controlplane.catalog.acmechallenge;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table acme_challenge. Shared; worker threads only. */
@ApplicationScoped
public class AcmeChallengeRepository implements NamedRepository<AcmeChallengeEntity> {}
