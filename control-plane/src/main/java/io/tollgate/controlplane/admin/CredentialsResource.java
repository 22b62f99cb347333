package io.tollgate.controlplane.admin;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.tollgate.admin.api.CredentialsApi;
import io.tollgate.admin.model.Credential;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.consumer.ConsumerCatalog;
import io.tollgate.controlplane.catalog.credential.BindingCatalog;
import io.tollgate.controlplane.catalog.credential.BindingDraft;
import io.tollgate.controlplane.catalog.credential.CredentialEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** Credentials of a consumer that are no API keys over REST. Shared; worker threads only. */
@ApplicationScoped
public class CredentialsResource implements CredentialsApi {
    private static final String LISTING = "consumer-credential";

    private final ConsumerCatalog consumers;
    private final BindingCatalog credentials;
    private final Reads reads;
    private final Writes writes;

    CredentialsResource(ConsumerCatalog consumers, BindingCatalog credentials, Reads reads, Writes writes) {
        this.consumers = consumers;
        this.credentials = credentials;
        this.reads = reads;
        this.writes = writes;
    }

    private UUID id(String consumer) {
        return consumers.get(consumer).id();
    }

    @Override
    public Response listCredentials(String consumer, Integer limit, String cursor) {
        String after = Cursor.parse(LISTING, cursor);
        return reads.whole(() -> reads.named(LISTING, credentials.page(id(consumer), after, limit + 1), limit));
    }

    @Override
    public Response createCredential(String consumer, Credential body, String idempotencyKey, String prefer) {
        BindingDraft wanted = credentials.digested(BindingDrafts.of(body), null);
        return writes.post(
                new Writes.Post(ObjectKind.CREDENTIAL, body, idempotencyKey, prefer),
                draft -> credentials.create(draft, id(consumer), wanted));
    }

    @Override
    public Response getCredential(String consumer, String credential) {
        return reads.one(() -> credentials.get(id(consumer), credential));
    }

    @Override
    public Response putCredential(String consumer, String credential, Credential body, String ifMatch, String prefer) {
        BindingDraft given = BindingDrafts.of(body);
        CredentialEntity now = QuarkusTransaction.requiringNew().call(() -> credentials.find(id(consumer), credential));
        BindingDraft wanted = credentials.digested(given, now);
        return writes.put(
                new Writes.Change(ObjectKind.CREDENTIAL, ifMatch, prefer),
                draft -> credentials.find(id(consumer), credential),
                (draft, current) -> credentials.put(draft, id(consumer), credential, current, wanted));
    }

    @Override
    public Response deleteCredential(String consumer, String credential, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(ObjectKind.CREDENTIAL, ifMatch, prefer),
                draft -> credentials.get(id(consumer), credential),
                credentials::delete);
    }
}
