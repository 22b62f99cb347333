package io.tollgate.controlplane.catalog.adminissuer;

import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * For whom an issuer's tokens must be and what their claims mean here. Immutable.
 *
 * @param jwksUrl          where its keys are; absent: what its discovery document says
 * @param audiences        one of them must stand in the token
 * @param algorithms       of signatures that are taken
 * @param clockSkewSeconds by how much its clock may differ
 * @param subjectClaim     path of the claim that says who calls
 * @param teams            when there are any, its tokens reach only as far as these say
 */
public record IssuerRules(
        @Nullable String jwksUrl,
        List<String> audiences,
        List<String> algorithms,
        int clockSkewSeconds,
        String subjectClaim,
        List<RoleRule> roles,
        @Nullable List<TeamRule> teams) {
    public IssuerRules {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        roles = List.copyOf(roles);
        // Rows from before there were teams have none.
        teams = teams == null ? List.of() : List.copyOf(teams);
    }

    IssuerRules withTeams(List<TeamRule> resolved) {
        return new IssuerRules(jwksUrl, audiences, algorithms, clockSkewSeconds, subjectClaim, roles, resolved);
    }

    /**
     * Whoever has {@code value} in the claim at the path {@code claim} reaches what the team has. Immutable.
     *
     * @param teamId absent: everything
     */
    public record TeamRule(
            String claim, String value, @Nullable UUID teamId) {}

    /** Whoever has {@code value} in the claim at the path {@code claim} has {@code role}. Immutable. */
    public record RoleRule(String claim, String value, String role) {}
}
