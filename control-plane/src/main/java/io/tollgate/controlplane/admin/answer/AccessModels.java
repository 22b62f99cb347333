package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.AdminIssuer;
import io.tollgate.admin.model.Role;
import io.tollgate.admin.model.RoleMapping;
import io.tollgate.admin.model.SignatureAlgorithm;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerEntity;
import io.tollgate.controlplane.catalog.adminissuer.IssuerRules;

/** Rows that say who may call the admin API as models of the contract. Immutable. */
final class AccessModels {
    private AccessModels() {}

    static AdminIssuer of(AdminIssuerEntity row) {
        IssuerRules rules = row.rules();
        return new AdminIssuer()
                .id(row.id())
                .name(row.name())
                .enabled(row.enabled())
                .issuer(row.issuer())
                .jwksUrl(rules.jwksUrl())
                .audiences(rules.audiences())
                .algorithms(rules.algorithms().stream()
                        .map(SignatureAlgorithm::fromValue)
                        .toList())
                .clockSkewSeconds(rules.clockSkewSeconds())
                .subjectClaim(rules.subjectClaim())
                .roles(rules.roles().stream()
                        .map(rule -> new RoleMapping()
                                .claim(rule.claim())
                                .value(rule.value())
                                .role(Role.fromValue(rule.role())))
                        .toList())
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }
}
