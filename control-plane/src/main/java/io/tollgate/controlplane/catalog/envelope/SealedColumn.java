package io.tollgate.controlplane.catalog.envelope;

import java.util.List;

/**
 * Where sealed values stand: the id of the object is authenticated with each, and {@code envelope_key_id} of the row names the key; a value that
 * is null is none. Immutable.
 *
 * @param id column of the object's id (uuid), the table's primary key
 * @param column of the sealed bytes
 */
record SealedColumn(String table, String id, String column) {
    /** All of them. A table that is not here keeps the envelope key from being changed. */
    static final List<SealedColumn> ALL = List.of(
            new SealedColumn("certificate", "id", "private_key"),
            new SealedColumn("acme_issuer", "id", "account_key"),
            new SealedColumn("acme_issuer", "id", "external_hmac_key"),
            new SealedColumn("acme_challenge", "id", "private_key"),
            new SealedColumn("acme_order", "certificate_id", "private_key"),
            new SealedColumn("issuer_key", "id", "private_key"),
            new SealedColumn("token_issuer", "id", "hmac_secret"),
            new SealedColumn("credential", "id", "secret"),
            new SealedColumn("token_issuer", "id", "client_secret"),
            new SealedColumn("token_issuer", "id", "signing_keys"),
            new SealedColumn("stream_authority", "id", "private_key"));
}
