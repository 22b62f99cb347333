package io.tollgate.controlplane.catalog.team;

import io.quarkus.arc.Arc;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.ObjectRef;
import io.tollgate.controlplane.catalog.revision.OutOfReach;
import io.tollgate.controlplane.catalog.revision.Reach;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far the caller of this request reaches; what the control plane does by itself reaches everything. What a team has is decided in one
 * place, the function {@code in_teams} of the database, for single objects and for lists alike (decision 0011). Shared; worker threads only.
 */
@ApplicationScoped
public class TeamReach implements Reach {
    private static final Set<ObjectKind> OF_TEAMS =
            EnumSet.of(ObjectKind.CONSUMER, ObjectKind.SERVICE, ObjectKind.ROUTE);

    private static final String OWN = "function('in_teams', :reach, '%s', %s) = true";

    private final EntityManager entities;
    private final TeamLimit limit;

    TeamReach(EntityManager entities, TeamLimit limit) {
        this.entities = entities;
        this.limit = limit;
    }

    private @Nullable Set<UUID> teams() {
        return Arc.container().requestContext().isActive() ? limit.teams() : null;
    }

    @Override
    public boolean isLimited() {
        return teams() != null;
    }

    private static String text(Set<UUID> ids) {
        return ids.stream().map(UUID::toString).sorted().collect(Collectors.joining(","));
    }

    @Override
    public boolean sees(ObjectKind kind, UUID id) {
        Set<UUID> teams = teams();
        if (teams == null) {
            return true;
        }
        if (kind == ObjectKind.TEAM) {
            return teams.contains(id);
        }
        return !OF_TEAMS.contains(kind)
                || (boolean) entities.createNativeQuery("select in_teams(:teams, :kind, :id)", Boolean.class)
                        .setParameter("teams", text(teams))
                        .setParameter("kind", kind.word())
                        .setParameter("id", id)
                        .getSingleResult();
    }

    @Override
    public boolean sees(CatalogEntity entity) {
        ObjectRef owner = entity.owner();
        return owner == null || sees(owner.kind(), owner.id());
    }

    @Override
    public void judge(CatalogEntity entity) {
        if (!isLimited()) {
            return;
        }
        ObjectRef owner = entity.owner();
        if (owner == null || owner.kind() == ObjectKind.TEAM) {
            throw new OutOfReach(entity.kind().word() + " " + entity.name()
                    + " is everybody's: a token that is limited to teams cannot change it");
        }
        if (!sees(owner.kind(), owner.id())) {
            throw new OutOfReach(
                    entity.kind().word() + " " + entity.name() + " would not be of one of the token's teams");
        }
    }

    @Override
    public @Nullable Condition narrow(ObjectKind kind) {
        Set<UUID> teams = teams();
        if (teams == null) {
            return null;
        }
        Map<String, Object> parameters = Map.of("reach", text(teams));
        return switch (kind) {
            case CONSUMER, SERVICE, ROUTE -> new Condition(OWN.formatted(kind.word(), "id"), parameters);
            case POLICY ->
                new Condition(
                        "(attachmentKind in ('global', 'plan') or "
                                + OWN.formatted(ObjectKind.SERVICE.word(), "serviceId") + " or "
                                + OWN.formatted(ObjectKind.ROUTE.word(), "routeId") + " or "
                                + OWN.formatted(ObjectKind.CONSUMER.word(), "consumerId") + ")",
                        parameters);
            case TEAM -> new Condition("id in :reach", Map.of("reach", teams));
            default -> null;
        };
    }

    /** A new object becomes a member of every team that the caller is limited to. */
    @Override
    public void adopt(RevisionDraft draft, CatalogEntity created) {
        Set<UUID> teams = teams();
        if (teams == null || !OF_TEAMS.contains(created.kind())) {
            return;
        }
        TeamMember member = TeamMember.of(created.kind(), created.id());
        for (UUID id : teams.stream().sorted().toList()) {
            TeamEntity team = entities.find(TeamEntity.class, id);
            if (team != null) {
                draft.replaceAlong(team, row -> row.add(member));
            }
        }
    }

    /** Whoever deletes it: no team names what is gone. */
    @Override
    public void forget(RevisionDraft draft, CatalogEntity deleted) {
        if (!OF_TEAMS.contains(deleted.kind())) {
            return;
        }
        TeamMember member = TeamMember.of(deleted.kind(), deleted.id());
        List<TeamEntity> teamsOfIt = entities.createQuery(
                        "select t from TeamEntity t join t.members m where m.objectKind = :kind and m.objectId = :id order by t.id",
                        TeamEntity.class)
                .setParameter("kind", member.objectKind())
                .setParameter("id", member.objectId())
                .getResultList();
        for (TeamEntity team : teamsOfIt) {
            draft.replaceAlong(team, row -> row.drop(member));
        }
    }
}
