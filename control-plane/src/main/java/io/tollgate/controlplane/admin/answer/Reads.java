package io.tollgate.controlplane.admin.answer;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Answers reads: one transaction, an ETag, and 304 to whoever has it already. Shared; worker threads only. */
@ApplicationScoped
public class Reads {
    private final ApiPortraits portraits;
    private final HttpHeaders headers;

    Reads(ApiPortraits portraits, HttpHeaders headers) {
        this.portraits = portraits;
        this.headers = headers;
    }

    /** One row. */
    public Response one(Supplier<? extends CatalogEntity> read) {
        return QuarkusTransaction.requiringNew().call(() -> {
            CatalogEntity entity = read.get();
            String json = portraits.json(entity);
            return answer(json, portraits.tag(entity, json));
        });
    }

    /** One row, as it stands while what was asked for goes on. */
    public Response accepted(Supplier<? extends CatalogEntity> read) {
        return QuarkusTransaction.requiringNew().call(() -> {
            CatalogEntity entity = read.get();
            String json = portraits.json(entity);
            return Response.status(Response.Status.ACCEPTED)
                    .entity(json)
                    .type("application/json")
                    .header(HttpHeaders.ETAG, portraits.tag(entity, json))
                    .build();
        });
    }

    /** One row, shown with something that moves without a revision; its tag is that of the row alone. */
    public <E extends CatalogEntity> Response one(Supplier<E> read, Function<List<E>, List<Object>> shown) {
        return QuarkusTransaction.requiringNew().call(() -> {
            E entity = read.get();
            String tag = EntityTag.of(entity.version(), portraits.json(entity));
            return answer(portraits.json(shown.apply(List.of(entity)).get(0)), tag);
        });
    }

    /** Anything that has no version of its own. */
    public Response whole(Supplier<?> read) {
        return QuarkusTransaction.requiringNew().call(() -> {
            String json = portraits.json(read.get());
            return answer(json, EntityTag.ofPage(json));
        });
    }

    /** One page of a noun, by name. */
    public Response page(NamedCatalog<?, ?> catalog, Filter filter, int limit, String cursor) {
        String listing = catalog.kind().word();
        String after = Cursor.parse(listing, cursor);
        return whole(() -> named(listing, catalog.page(filter, after, limit + 1), limit));
    }

    /** A page of rows that are listed by name. */
    public Page named(String listing, List<? extends CatalogEntity> rows, int limit) {
        return Page.of(listing, rows, limit, CatalogEntity::name, portraits::models);
    }

    /** Rows as models of the contract. */
    public List<Object> models(List<? extends CatalogEntity> rows) {
        return portraits.models(rows);
    }

    private Response answer(String json, String tag) {
        String known = headers.getHeaderString(HttpHeaders.IF_NONE_MATCH);
        if (known != null && EntityTag.isListed(known, tag)) {
            return Response.notModified().header(HttpHeaders.ETAG, tag).build();
        }
        return Response.ok(json, "application/json")
                .header(HttpHeaders.ETAG, tag)
                .build();
    }
}
