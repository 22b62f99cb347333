package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.KeysApi;
import io.tollgate.admin.model.Key;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.consumer.ConsumerCatalog;
import io.tollgate.controlplane.catalog.credential.CredentialCatalog;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.UUID;

/** API keys of a consumer over REST. Shared; worker threads only. */
@ApplicationScoped
public class KeysResource implements KeysApi {
    private final ConsumerCatalog consumers;
    private final CredentialCatalog credentials;
    private final Reads reads;
    private final Writes writes;

    KeysResource(ConsumerCatalog consumers, CredentialCatalog credentials, Reads reads, Writes writes) {
        this.consumers = consumers;
        this.credentials = credentials;
        this.reads = reads;
        this.writes = writes;
    }

    private UUID id(String consumer) {
        return consumers.get(consumer).id();
    }

    @Override
    public Response listKeys(String consumer, Integer limit, String cursor) {
        String listing = ObjectKind.CREDENTIAL.word();
        String after = Cursor.parse(listing, cursor);
        return reads.whole(() -> reads.named(listing, credentials.page(id(consumer), after, limit + 1), limit));
    }

    @Override
    public Response issueKey(String consumer, Key body, String idempotencyKey, String prefer) {
        return writes.postKey(
                new Writes.Post(ObjectKind.CREDENTIAL, body, idempotencyKey, prefer),
                draft -> credentials.issue(draft, id(consumer), Drafts.of(body)));
    }

    @Override
    public Response getKey(String consumer, String key) {
        return reads.one(() -> credentials.get(id(consumer), key));
    }

    @Override
    public Response putKey(String consumer, String key, Key body, String ifMatch, String prefer) {
        return writes.put(
                new Writes.Change(ObjectKind.CREDENTIAL, ifMatch, prefer),
                draft -> credentials.find(id(consumer), key),
                (draft, current) -> {
                    if (current == null) {
                        // A key is issued, never put: nobody could learn its secret.
                        throw new NotInCatalog("key", key);
                    }
                    return credentials.put(draft, current, Drafts.of(body));
                });
    }

    @Override
    public Response revokeKey(String consumer, String key, String ifMatch, String prefer) {
        return writes.delete(
                new Writes.Change(ObjectKind.CREDENTIAL, ifMatch, prefer),
                draft -> credentials.get(id(consumer), key),
                credentials::revoke);
    }
}
