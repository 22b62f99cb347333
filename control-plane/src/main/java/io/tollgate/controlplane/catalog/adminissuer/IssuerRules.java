package io.tollgate.controlplane.catalog.adminissuer;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * For whom an issuer's tokens must be and what their claims mean here. Immutable.
 *
 * @param jwksUrl          where its keys are; absent: what its discovery document says
 * @param audiences        one of them must stand in the token
 * @param algorithms       of signatures that are taken
 * @param clockSkewSeconds by how much its clock may differ
 * @param subjectClaim     path of the claim that says who calls
 */
public record IssuerRules(
        @Nullable String jwksUrl,
        List<String> audiences,
        List<String> algorithms,
        int clockSkewSeconds,
        String subjectClaim,
        List<RoleRule> roles) {
    public IssuerRules {
        audiences = List.copyOf(audiences);
        algorithms = List.copyOf(algorithms);
        roles = List.copyOf(roles);
    }

    /** Whoever has {@code value} in the claim at the path {@code claim} has {@code role}. Immutable. */
    public record RoleRule(String claim, String value, String role) {}
}
