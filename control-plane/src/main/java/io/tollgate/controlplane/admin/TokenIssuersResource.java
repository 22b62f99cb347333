package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.TokenIssuersApi;
import io.tollgate.admin.model.TokenIssuer;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.directory.Filter;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;

/** Token issuers over REST. Shared; worker threads only. */
@ApplicationScoped
public class TokenIssuersResource implements TokenIssuersApi {
    private final TokenIssuerCatalog tokenIssuers;
    private final Reads reads;
    private final Writes writes;

    TokenIssuersResource(TokenIssuerCatalog tokenIssuers, Reads reads, Writes writes) {
        this.tokenIssuers = tokenIssuers;
        this.reads = reads;
        this.writes = writes;
    }

    @Override
    public Response listTokenIssuers(Integer limit, String cursor, String tag, Boolean enabled) {
        Filter filter = new Filter().tag(tag).enabled(enabled);
        return reads.page(tokenIssuers, filter, limit, cursor);
    }

    @Override
    public Response createTokenIssuer(TokenIssuer body, String idempotencyKey, String prefer) {
        return writes.post(
                new Writes.Post(tokenIssuers.kind(), body, idempotencyKey, prefer),
                draft -> tokenIssuers.create(draft, Drafts.of(body)));
    }

    @Override
    public Response getTokenIssuer(String nameOrId) {
        return reads.one(() -> tokenIssuers.get(nameOrId));
    }

    @Override
    public Response putTokenIssuer(String nameOrId, TokenIssuer body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(tokenIssuers.kind(), ifMatch, prefer),
                draft -> tokenIssuers.find(nameOrId),
                (draft, current) -> tokenIssuers.put(draft, nameOrId, current, Drafts.of(body)));
    }

    @Override
    public Response rotateSigningKey(String nameOrId, String prefer) {
        return writes.act(prefer, draft -> tokenIssuers.get(nameOrId), tokenIssuers::rotate);
    }

    @Override
    public Response deleteTokenIssuer(String nameOrId, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(tokenIssuers.kind(), ifMatch, prefer),
                draft -> tokenIssuers.get(nameOrId),
                tokenIssuers::delete);
    }
}
