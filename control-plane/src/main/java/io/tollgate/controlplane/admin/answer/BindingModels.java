package io.tollgate.controlplane.admin.answer;

import io.tollgate.admin.model.BasicBinding;
import io.tollgate.admin.model.ClientCertificateBinding;
import io.tollgate.admin.model.Credential;
import io.tollgate.admin.model.CredentialType;
import io.tollgate.admin.model.HttpSignatureBinding;
import io.tollgate.admin.model.JwtBinding;
import io.tollgate.controlplane.catalog.credential.CredentialEntity;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import java.util.Map;
import java.util.UUID;

/** Credentials that are no API keys as models of the contract, without any secret. Immutable. */
final class BindingModels {
    private BindingModels() {}

    static Credential of(CredentialEntity row, Names names) {
        CredentialType type = CredentialType.fromValue(row.type());
        Credential model = new Credential()
                .id(row.id())
                .name(row.name())
                .type(type)
                .createdAt(Models.time(row.createdAt()))
                .updatedAt(Models.time(row.updatedAt()));
        Map<String, Object> bound = bound(row);
        return switch (type) {
            case JWT -> {
                UUID issuer = row.tokenIssuerId();
                yield model.jwt(new JwtBinding()
                        .issuer(issuer == null ? "" : names.of(ObjectKind.TOKEN_ISSUER, issuer))
                        .subject(String.valueOf(bound.get("subject"))));
            }
            case HTTP_SIGNATURE ->
                model.httpSignature(SettingsDocument.into(new HttpSignatureBinding(), bound)
                        .sharedSecretChangedAt(Models.time(row.secretChangedAt())));
            case BASIC ->
                model.basic(SettingsDocument.into(new BasicBinding(), bound)
                        .passwordChangedAt(Models.time(row.secretChangedAt())));
            case CLIENT_CERTIFICATE ->
                model.clientCertificate(SettingsDocument.into(new ClientCertificateBinding(), bound));
        };
    }

    @SuppressWarnings("unchecked") // The document of a type is an object.
    private static Map<String, Object> bound(CredentialEntity row) {
        return (Map<String, Object>) row.config().getOrDefault(row.member(), Map.of());
    }
}
