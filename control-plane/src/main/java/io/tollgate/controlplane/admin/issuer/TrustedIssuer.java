package io.tollgate.controlplane.admin.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerEntity;
import io.tollgate.controlplane.catalog.adminissuer.IssuerRules;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An issuer whose tokens are believed, its rules taken apart, and its keys. Immutable but for the keys. */
record TrustedIssuer(
        String issuer,
        IssuerRules rules,
        ClaimPath subject,
        List<RoleRule> roles,
        List<TeamRule> teams,
        IssuerKeyRing keys) {
    /** Whoever has the value in the claim has the role. Immutable. */
    record RoleRule(ClaimPath claim, String value, String role) {}

    /** Whoever has the value in the claim reaches what the team has, or everything. Immutable. */
    record TeamRule(ClaimPath claim, String value, @Nullable UUID teamId) {}

    static TrustedIssuer of(AdminIssuerEntity row, IssuerKeyRing keys) {
        IssuerRules rules = row.rules();
        return new TrustedIssuer(
                row.issuer(),
                rules,
                ClaimPath.parse(rules.subjectClaim()),
                rules.roles().stream()
                        .map(rule -> new RoleRule(ClaimPath.parse(rule.claim()), rule.value(), rule.role()))
                        .toList(),
                Objects.requireNonNull(rules.teams()).stream()
                        .map(rule -> new TeamRule(ClaimPath.parse(rule.claim()), rule.value(), rule.teamId()))
                        .toList(),
                keys);
    }

    /** How far the bearer reaches: to these teams, to none at all, or, when nothing is given, to everything. */
    @Nullable
    Set<UUID> teams(JsonNode claims) {
        if (teams.isEmpty()) {
            return null;
        }
        Set<UUID> reached = new HashSet<>();
        for (TeamRule rule : teams) {
            if (rule.claim().says(claims, rule.value())) {
                if (rule.teamId() == null) {
                    return null;
                }
                reached.add(rule.teamId());
            }
        }
        return reached;
    }

    Set<String> roles(JsonNode claims) {
        Set<String> granted = new HashSet<>();
        for (RoleRule rule : roles) {
            if (rule.claim().says(claims, rule.value())) {
                granted.add(rule.role());
            }
        }
        return granted;
    }
}
