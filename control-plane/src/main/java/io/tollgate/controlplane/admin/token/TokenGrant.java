package io.tollgate.controlplane.admin.token;

import java.time.Instant;
import java.util.Set;
import java.util.UUID;

/**
 * What a token of the own issuer says. Immutable.
 *
 * @param id    its {@code jti}, under which it is listed and revoked
 * @param name  what people call it
 * @param roles of the contract
 * @param teams to whose objects it is limited; none: it is not limited
 */
public record TokenGrant(
        UUID id, String name, String subject, Set<String> roles, Set<UUID> teams, Instant issuedAt, Instant expiresAt) {
    public TokenGrant {
        roles = Set.copyOf(roles);
        teams = Set.copyOf(teams);
    }
}
