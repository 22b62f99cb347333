package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.PoliciesApi;
import io.tollgate.admin.model.Policy;
import io.tollgate.admin.model.PolicyType;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.policy.PolicyCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Policies over REST. Shared; worker threads only. */
@ApplicationScoped
public class PoliciesResource implements PoliciesApi {
    private final PolicyCatalog policies;
    private final Reads reads;
    private final Writes writes;

    PoliciesResource(PolicyCatalog policies, Reads reads, Writes writes) {
        this.policies = policies;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listPolicies(Integer limit, String cursor, String tag, Boolean enabled, PolicyType type) {
        Filter filter = new Filter()
                .tag(tag)
                .enabled(enabled)
                .where("type = :type", "type", type == null ? null : type.toString());
        return reads.page(policies, filter, limit, cursor);
    }

    @Override
    public Response createPolicy(Policy body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(policies.kind(), body, idempotencyKey, prefer),
                draft -> policies.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getPolicy(String nameOrId) {
        return reads.one(() -> policies.get(nameOrId));
    }

    @Override
    public Response putPolicy(String nameOrId, Policy body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(policies.kind(), ifMatch, prefer),
                draft -> policies.find(nameOrId),
                (draft, current) -> policies.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deletePolicy(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(policies.kind(), ifMatch, prefer), draft -> policies.get(nameOrId), policies::delete);
    }
}
