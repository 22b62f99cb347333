package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.TeamsApi;
import io.tollgate.admin.model.Team;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.team.TeamCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Teams over REST. Shared; worker threads only. */
@ApplicationScoped
public class TeamsResource implements TeamsApi {
    private final TeamCatalog teams;
    private final Reads reads;
    private final Writes writes;

    TeamsResource(TeamCatalog teams, Reads reads, Writes writes) {
        this.teams = teams;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listTeams(Integer limit, String cursor, String tag) {
        Filter filter = new Filter().tag(tag);
        return reads.page(teams, filter, limit, cursor);
    }

    @Override
    public Response createTeam(Team body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(teams.kind(), body, idempotencyKey, prefer),
                draft -> teams.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getTeam(String nameOrId) {
        return reads.one(() -> teams.get(nameOrId));
    }

    @Override
    public Response putTeam(String nameOrId, Team body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(teams.kind(), ifMatch, prefer),
                draft -> teams.find(nameOrId),
                (draft, current) -> teams.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteTeam(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(teams.kind(), ifMatch, prefer), draft -> teams.get(nameOrId), teams::delete);
    }
}
