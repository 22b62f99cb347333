package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.ConsumersApi;
import io.tollgate.admin.model.Consumer;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.consumer.ConsumerCatalog;
import io.tollgate.controlplane.catalog.directory.Filter;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Consumers over REST. Shared; worker threads only. */
@ApplicationScoped
public class ConsumersResource implements ConsumersApi {
    private final ConsumerCatalog consumers;
    private final Reads reads;
    private final Writes writes;

    ConsumersResource(ConsumerCatalog consumers, Reads reads, Writes writes) {
        this.consumers = consumers;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listConsumers(Integer limit, String cursor, String tag, Boolean enabled, String group) {
        Filter filter =
                new Filter().tag(tag).enabled(enabled).where("array_position(groups, :group) > 0", "group", group);
        return reads.page(consumers, filter, limit, cursor);
    }

    @Override
    public Response createConsumer(Consumer body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(consumers.kind(), body, idempotencyKey, prefer),
                draft -> consumers.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getConsumer(String nameOrId) {
        return reads.one(() -> consumers.get(nameOrId));
    }

    @Override
    public Response putConsumer(String nameOrId, Consumer body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(consumers.kind(), ifMatch, prefer),
                draft -> consumers.find(nameOrId),
                (draft, current) -> consumers.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteConsumer(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(consumers.kind(), ifMatch, prefer),
                draft -> consumers.get(nameOrId),
                consumers::delete);
    }
}
