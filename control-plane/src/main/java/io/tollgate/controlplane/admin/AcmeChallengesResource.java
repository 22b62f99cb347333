package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.AcmeChallengesApi;
import io.tollgate.admin.model.AcmeChallenge;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.acmechallenge.AcmeChallengeCatalog;
import io.tollgate.controlplane.catalog.directory.Filter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** ACME challenges over REST. Shared; worker threads only. */
@ApplicationScoped
public class AcmeChallengesResource implements AcmeChallengesApi {
    private final AcmeChallengeCatalog challenges;
    private final Reads reads;
    private final Writes writes;

    AcmeChallengesResource(AcmeChallengeCatalog challenges, Reads reads, Writes writes) {
        this.challenges = challenges;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listAcmeChallenges(Integer limit, String cursor, String tag) {
        Filter filter = new Filter().tag(tag);
        return reads.page(challenges, filter, limit, cursor);
    }

    @Override
    public Response createAcmeChallenge(AcmeChallenge body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(challenges.kind(), body, idempotencyKey, prefer),
                draft -> challenges.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getAcmeChallenge(String nameOrId) {
        return reads.one(() -> challenges.get(nameOrId));
    }

    @Override
    public Response putAcmeChallenge(String nameOrId, AcmeChallenge body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(challenges.kind(), ifMatch, prefer),
                draft -> challenges.find(nameOrId),
                (draft, current) -> challenges.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteAcmeChallenge(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(challenges.kind(), ifMatch, prefer),
                draft -> challenges.get(nameOrId),
                challenges::delete);
    }
}
