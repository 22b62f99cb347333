package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.ListenersApi;
import io.tollgate.admin.model.Listener;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.listener.ListenerCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Listeners over REST. Shared; worker threads only. */
@ApplicationScoped
public class ListenersResource implements ListenersApi {
    private final ListenerCatalog listeners;
    private final Reads reads;
    private final Writes writes;

    ListenersResource(ListenerCatalog listeners, Reads reads, Writes writes) {
        this.listeners = listeners;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listListeners(Integer limit, String cursor, String tag, Boolean enabled) {
        Filter filter = new Filter().tag(tag).enabled(enabled);
        return reads.page(listeners, filter, limit, cursor);
    }

    @Override
    public Response createListener(Listener body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(listeners.kind(), body, idempotencyKey, prefer),
                draft -> listeners.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getListener(String nameOrId) {
        return reads.one(() -> listeners.get(nameOrId));
    }

    @Override
    public Response putListener(String nameOrId, Listener body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(listeners.kind(), ifMatch, prefer),
                draft -> listeners.find(nameOrId),
                (draft, current) -> listeners.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response deleteListener(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(listeners.kind(), ifMatch, prefer),
                draft -> listeners.get(nameOrId),
                listeners::delete);
    }
}
