package io.tollgate.controlplane.catalog.team;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import jakarta.persistence.EntityManager;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Consumer;

/** Teams and their rules. Shared; worker threads only. */
@Singleton
public class TeamCatalog extends NamedCatalog<TeamEntity, TeamDraft> {
    private final Directory directory;
    private final EntityManager entities;

    TeamCatalog(TeamRepository rows, Directory directory, EntityManager entities) {
        super(ObjectKind.TEAM, rows);
        this.directory = directory;
        this.entities = entities;
    }

    @Override
    protected TeamEntity blank() {
        return new TeamEntity();
    }

    @Override
    protected String nameOf(TeamDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<TeamEntity> judge(TeamDraft wanted, TeamEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        faults.duplicates("/member_tags", wanted.memberTags());
        Set<TeamMember> members = new HashSet<>();
        addMembers(ObjectKind.CONSUMER, "/consumers", wanted.consumers(), members, faults);
        addMembers(ObjectKind.SERVICE, "/services", wanted.services(), members, faults);
        addMembers(ObjectKind.ROUTE, "/routes", wanted.routes(), members, faults);
        return row -> row.apply(wanted, members);
    }

    private void addMembers(
            ObjectKind kind, String pointer, List<String> namesOrIds, Set<TeamMember> members, FieldFaults faults) {
        faults.duplicates(pointer, namesOrIds);
        Map<String, UUID> ids = namesOrIds.isEmpty() ? Map.of() : directory.idsOf(kind, namesOrIds);
        for (int i = 0; i < namesOrIds.size(); i++) {
            UUID id = ids.get(namesOrIds.get(i));
            if (id == null) {
                faults.add(pointer + "/" + i, namesOrIds.get(i) + " (expected: name or id of a " + kind.word() + ")");
            } else {
                members.add(TeamMember.of(kind, id));
            }
        }
    }

    /** Tokens that may still call, and issuers: without the team nobody could tell what they are limited to. */
    @Override
    protected List<String> referrers(TeamEntity entity) {
        @SuppressWarnings("unchecked")
        List<String> referrers = entities.createNativeQuery("""
                        (select 'token ' || name from admin_token
                         where cast(:id as uuid) = any(teams) and revoked_at is null and expires_at > now() order by name limit 10)
                        union all
                        (select 'admin-issuer ' || name from admin_issuer
                         where jsonb_path_exists(rules, '$.teams[*] ? (@.teamId == $id)', jsonb_build_object('id', :id))
                         order by name limit 10)""")
                .setParameter("id", entity.id().toString())
                .getResultList();
        return referrers;
    }
}
