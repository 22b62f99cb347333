package io.tollgate.controlplane.admin.issuer;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerEntity;
import io.tollgate.controlplane.catalog.adminissuer.IssuerRules;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** An issuer whose tokens are believed, its rules taken apart, and its keys. Immutable but for the keys. */
record TrustedIssuer(String issuer, IssuerRules rules, ClaimPath subject, List<RoleRule> roles, IssuerKeyRing keys) {
    /** Whoever has the value in the claim has the role. Immutable. */
    record RoleRule(ClaimPath claim, String value, String role) {}

    static TrustedIssuer of(AdminIssuerEntity row, IssuerKeyRing keys) {
        IssuerRules rules = row.rules();
        return new TrustedIssuer(
                row.issuer(),
                rules,
                ClaimPath.parse(rules.subjectClaim()),
                rules.roles().stream()
                        .map(rule -> new RoleRule(ClaimPath.parse(rule.claim()), rule.value(), rule.role()))
                        .toList(),
                keys);
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
