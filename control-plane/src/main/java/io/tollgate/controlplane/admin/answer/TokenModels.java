package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.Credential;
import io.tollgate.admin.model.CredentialType;
import io.tollgate.admin.model.JwtBinding;
import io.tollgate.admin.model.TokenIssuer;
import io.tollgate.controlplane.catalog.credential.CredentialEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerEntity;
import java.util.Map;
import java.util.UUID;

/** Issuers of tokens and what is bound to them as models of the contract, without any secret. Immutable. */
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

    /** A credential that is no API key. */
    static Credential of(CredentialEntity row, Names names) {
        UUID issuer = row.tokenIssuerId();
        Map<?, ?> bound = (Map<?, ?>) row.config().getOrDefault(row.type(), Map.of());
        return new Credential()
                .id(row.id())
                .name(row.name())
                .type(CredentialType.fromValue(row.type()))
                .jwt(
                        issuer == null
                                ? null
                                : new JwtBinding()
                                        .issuer(names.of(ObjectKind.TOKEN_ISSUER, issuer))
                                        .subject(String.valueOf(bound.get("subject"))))
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
    }
}
