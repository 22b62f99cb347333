package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.TokenIssuer;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerEntity;
import java.util.UUID;

/** Issuers of tokens as models of the contract, without any secret. Immutable. */
final class TokenModels {
    private TokenModels() {}

    static TokenIssuer of(TokenIssuerEntity row, Names names) {
        UUID trustRoot = row.trustRootId();
        return SettingsDocument.into(new TokenIssuer(), row.settings())
                .id(row.id())
                .name(row.name())
                .enabled(row.enabled())
                .issuer(row.issuer())
                .hmacSecretChangedAt(Models.time(row.hmacSecretChangedAt()))
                .trustRoot(trustRoot == null ? null : names.of(ObjectKind.TRUST_ROOT, trustRoot))
                .tags(row.tags())
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }
}
