package io.tollgate.controlplane.admin;

import io.tollgate.admin.api.KeyBatchesApi;
import io.tollgate.admin.model.KeyBatch;
import io.tollgate.controlplane.admin.answer.Writes;
import io.tollgate.controlplane.catalog.credential.CredentialCatalog;
import io.tollgate.controlplane.catalog.credential.KeyOrder;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.ws.rs.core.Response;
import java.util.List;

/** API keys of many consumers at once over REST. Shared; worker threads only. */
@ApplicationScoped
public class KeyBatchesResource implements KeyBatchesApi {
    private final CredentialCatalog credentials;
    private final Writes writes;

    KeyBatchesResource(CredentialCatalog credentials, Writes writes) {
        this.credentials = credentials;
        this.writes = writes;
    }

    @Override
    public Response issueKeys(KeyBatch body, String idempotencyKey, String prefer) {
        List<KeyOrder> orders = Drafts.of(body);
        return writes.postKeys(
                new Writes.Post(ObjectKind.CREDENTIAL, body, idempotencyKey, prefer),
                orders.stream().map(KeyOrder::consumer).toList(),
                draft -> credentials.issue(draft, orders));
    }
}
