package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.AdminIssuer;
import io.tollgate.admin.model.Role;
import io.tollgate.admin.model.RoleMapping;
import io.tollgate.admin.model.SignatureAlgorithm;
import io.tollgate.admin.model.Team;
import io.tollgate.admin.model.TeamMapping;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerDraft;
import io.tollgate.controlplane.catalog.adminissuer.AdminIssuerEntity;
import io.tollgate.controlplane.catalog.adminissuer.IssuerRules;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.team.TeamEntity;
import java.util.Objects;

/** Rows that say who may call the admin API as models of the contract. Immutable. */
final class AccessModels {
    private AccessModels() {}

    static AdminIssuer of(AdminIssuerEntity row, Names names) {
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
                .teams(Objects.requireNonNull(rules.teams()).stream()
                        .map(rule -> new TeamMapping()
                                .claim(rule.claim())
                                .value(rule.value())
                                .team(
                                        rule.teamId() == null
                                                ? AdminIssuerDraft.EVERYTHING
                                                : names.of(ObjectKind.TEAM, rule.teamId())))
                        .toList())
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }

    static Team of(TeamEntity row, Names names) {
        return new Team()
                .id(row.id())
                .name(row.name())
                .description(row.description())
                .consumers(names.seen(ObjectKind.CONSUMER, row.members(ObjectKind.CONSUMER)))
                .services(names.seen(ObjectKind.SERVICE, row.members(ObjectKind.SERVICE)))
                .routes(names.seen(ObjectKind.ROUTE, row.members(ObjectKind.ROUTE)))
                .memberTags(row.memberTags())
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }
}
