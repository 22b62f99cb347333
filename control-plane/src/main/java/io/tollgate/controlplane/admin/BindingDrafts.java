package io.tollgate.controlplane.admin;

import io.tollgate.admin.model.BasicBinding;
import io.tollgate.admin.model.Credential;
import io.tollgate.admin.model.CredentialType;
import io.tollgate.admin.model.HttpSignatureBinding;
import io.tollgate.admin.model.JwtBinding;
import io.tollgate.controlplane.admin.answer.SettingsDocument;
import io.tollgate.controlplane.catalog.credential.BindingDraft;
import io.tollgate.controlplane.catalog.credential.BindingSecret;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.engine.password.PasswordHash;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Credentials that are no API keys, judged by the body reader, as drafts of the catalog. Immutable. */
final class BindingDrafts {
    private static final Set<String> COLUMNS = Set.of("id", "name", "type", "created_at", "updated_at");

    private BindingDrafts() {}

    static BindingDraft of(Credential model) {
        FieldFaults faults = new FieldFaults();
        Map<String, Object> members = SettingsDocument.of(model, COLUMNS);
        for (CredentialType type : CredentialType.values()) {
            boolean given = members.containsKey(member(type));
            if (type == model.getType() && !given) {
                faults.add("/" + member(type), "absent (expected: what a credential of type " + type + " is bound to)");
            } else if (type != model.getType() && given) {
                faults.add(
                        "/" + member(type),
                        "an object (expected: none for a credential of type " + model.getType() + ")");
            }
        }
        faults.raise();
        return switch (model.getType()) {
            case JWT -> {
                JwtBinding jwt = Objects.requireNonNull(model.getJwt());
                yield draft(model, jwt.getIssuer(), Map.of("subject", jwt.getSubject()));
            }
            case CLIENT_CERTIFICATE -> draft(model, null, certificate(model, faults));
            case HTTP_SIGNATURE -> signature(model, Objects.requireNonNull(model.getHttpSignature()));
            case BASIC -> basic(model, Objects.requireNonNull(model.getBasic()), faults);
        };
    }

    private static BindingDraft draft(Credential model, @Nullable String issuer, Map<String, Object> settings) {
        return new BindingDraft(model.getName(), model.getType().toString(), issuer, settings, null);
    }

    private static BindingDraft signature(Credential model, HttpSignatureBinding signature) {
        Map<String, Object> settings =
                SettingsDocument.of(signature, Set.of("shared_secret", "shared_secret_changed_at"));
        String shared = signature.getSharedSecret();
        BindingSecret secret = shared == null ? null : new BindingSecret(BindingSecret.Form.SHARED, shared);
        return new BindingDraft(model.getName(), model.getType().toString(), null, settings, secret);
    }

    private static BindingDraft basic(Credential model, BasicBinding basic, FieldFaults faults) {
        String password = basic.getPassword();
        String hash = basic.getPasswordHash();
        if (password != null && hash != null) {
            faults.add("/basic/password_hash", "beside a password (expected: one of both)");
            faults.raise();
        }
        BindingSecret secret = password != null
                ? new BindingSecret(BindingSecret.Form.PASSWORD, password)
                : hash != null ? new BindingSecret(BindingSecret.Form.PASSWORD_HASH, hash) : null;
        return new BindingDraft(
                model.getName(),
                model.getType().toString(),
                null,
                Map.of("user_name", PasswordHash.normal(basic.getUserName())),
                secret);
    }

    private static Map<String, Object> certificate(Credential model, FieldFaults faults) {
        Map<String, Object> settings =
                SettingsDocument.of(Objects.requireNonNull(model.getClientCertificate()), Set.of());
        if (settings.size() != 1) {
            faults.add("/client_certificate", settings.size() + " members (expected: exactly one)");
            faults.raise();
        }
        return settings;
    }

    private static String member(CredentialType type) {
        return type.toString().replace('-', '_');
    }
}
