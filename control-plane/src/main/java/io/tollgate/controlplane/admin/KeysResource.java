package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.KeysApi;
import io.tollgate.admin.model.Key;
import io.tollgate.admin.model.KeyImport;
import io.tollgate.admin.model.KeyRotation;
import io.tollgate.controlplane.admin.answer.Cursor;
import io.tollgate.controlplane.admin.answer.Page;
import io.tollgate.controlplane.admin.answer.Reads;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.consumer.ConsumerCatalog;
import io.tollgate.controlplane.catalog.credential.CredentialCatalog;
import io.tollgate.controlplane.catalog.credential.CredentialEntity;
import io.tollgate.controlplane.catalog.credential.ForeignKey;
import io.tollgate.controlplane.catalog.credential.KeyPlace;
import io.tollgate.controlplane.catalog.directory.Ids;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
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
        KeyPlace after = KeyPlace.parse(Cursor.parse(listing, cursor));
        if (after == null) {
            throw Cursor.invalid();
        }
        return reads.whole(() -> Page.of(
                listing,
                credentials.page(id(consumer), after, limit + 1),
                limit,
                key -> KeyPlace.of(key).toString(),
                this::shown));
    }

    @Override
    public Response issueKey(String consumer, Key body, String idempotencyKey, String prefer) {
        return writes.postKey(
                new Writes.Post(ObjectKind.CREDENTIAL, body, idempotencyKey, prefer),
                draft -> credentials.issue(draft, id(consumer), Drafts.of(body)));
    }

    @Override
    public Response importKey(String consumer, KeyImport body, String idempotencyKey, String prefer) {
        ForeignKey foreign = new ForeignKey(body.getSecret(), body.getSha256());
        return writes.postForeignKey(
                new Writes.Post(ObjectKind.CREDENTIAL, body, idempotencyKey, prefer),
                draft -> credentials.take(draft, id(consumer), Drafts.of(body), foreign));
    }

    @Override
    public Response rotateKey(String consumer, String key, KeyRotation body, String idempotencyKey, String prefer) {
        return writes.postKey(
                new Writes.Post(ObjectKind.CREDENTIAL, body, idempotencyKey, prefer),
                draft -> credentials.rotate(draft, credentials.get(id(consumer), key), Drafts.of(body)));
    }

    @Override
    public Response getKey(String consumer, String key) {
        return reads.one(() -> credentials.get(id(consumer), key), this::shown);
    }

    /** With the minute of their last use. */
    private List<Object> shown(List<CredentialEntity> keys) {
        Map<UUID, Instant> used = credentials.lastUsed(keys);
        List<Object> models = reads.models(keys);
        for (Object model : models) {
            Key key = (Key) model;
            Instant at = used.get(key.getId());
            key.lastUsedAt(at == null ? null : at.atOffset(ZoneOffset.UTC));
        }
        return models;
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
                // A name is all that carry it: whoever takes it back means every secret that works under it.
                Ids.parse(key) == null ? credentials::revokeAll : credentials::revoke);
    }
}
