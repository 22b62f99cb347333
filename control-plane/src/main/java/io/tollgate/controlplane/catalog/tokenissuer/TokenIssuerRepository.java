package io.tollgate.controlplane.catalog.tokenissuer;

import io.tollgate.controlplane.catalog.directory.NamedRepository;
import jakarta.enterprise.context.ApplicationScoped;

/** Rows of the table token_issuer. Shared; worker threads only. */
@ApplicationScoped
public class TokenIssuerRepository implements NamedRepository<TokenIssuerEntity> {}
