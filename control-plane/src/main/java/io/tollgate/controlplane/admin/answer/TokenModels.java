package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.AuthorizationServer;
import io.tollgate.admin.model.SigningAlgorithm;
import io.tollgate.admin.model.SigningKey;
import io.tollgate.admin.model.TokenIntrospection;
import io.tollgate.admin.model.TokenIssuer;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.tokenissuer.TokenIssuerEntity;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;

/** Issuers of tokens as models of the contract, without any secret. Immutable. */
final class TokenModels {
    private TokenModels() {}

    static TokenIssuer of(TokenIssuerEntity row, Names names) {
        UUID trustRoot = row.trustRootId();
        Map<String, Object> settings = new HashMap<>(row.settings());
        UUID plan = row.newConsumerPlanId();
        if (plan != null) {
            Map<String, Object> made = new HashMap<>();
            row.newConsumers().forEach((member, value) -> made.put(String.valueOf(member), value));
            made.remove("plan_id");
            made.put("plan", names.of(ObjectKind.PLAN, plan));
            settings.put("new_consumers", made);
        }
        TokenIssuer model = SettingsDocument.into(new TokenIssuer(), settings);
        TokenIntrospection introspection = model.getIntrospection();
        if (introspection != null) {
            introspection.clientSecretChangedAt(Models.time(row.clientSecretChangedAt()));
        }
        AuthorizationServer server = model.getAuthorizationServer();
        if (server != null) {
            server.signingKeys(row.signingKeyList().stream()
                    .map(key -> new SigningKey()
                            .id(key.id())
                            .algorithm(SigningAlgorithm.fromValue(key.algorithm()))
                            .signsFrom(Models.time(Instant.ofEpochMilli(key.signsFromMillis()))))
                    .toList());
        }
        return model.id(row.id())
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
