package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.PlansApi;
import io.tollgate.admin.model.Plan;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.plan.PlanCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Plans over REST. Shared; worker threads only. */
@ApplicationScoped
public class PlansResource implements PlansApi {
    private final PlanCatalog plans;
    private final Reads reads;
    private final Writes writes;

    PlansResource(PlanCatalog plans, Reads reads, Writes writes) {
        this.plans = plans;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listPlans(Integer limit, String cursor, String tag, Boolean enabled) {
        Filter filter = new Filter().tag(tag).enabled(enabled);
        return reads.page(plans, filter, limit, cursor);
    }

    @Override
    public Response createPlan(Plan body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(plans.kind(), body, idempotencyKey, prefer),
                draft -> plans.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getPlan(String nameOrId) {
        return reads.one(() -> plans.get(nameOrId));
    }

    @Override
    public Response putPlan(String nameOrId, Plan body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(plans.kind(), ifMatch, prefer),
                draft -> plans.find(nameOrId),
                (draft, current) -> plans.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deletePlan(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(plans.kind(), ifMatch, prefer), draft -> plans.get(nameOrId), plans::delete);
    }
}
