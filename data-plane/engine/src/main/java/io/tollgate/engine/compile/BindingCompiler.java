package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.consumer.CredentialVerifier;
import io.tollgate.engine.password.BasicPair;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.proto.config.v1.BasicBinding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Credentials that are no API keys: checks them and brings the {@link Bindings} forward. Compile thread only. */
final class BindingCompiler {
    private static final int SUBJECT_CHARACTERS_MAX = 256;

    private BindingCompiler() {}

    static boolean isBinding(io.tollgate.proto.config.v1.Credential credential) {
        return credential.getBindingCase() != io.tollgate.proto.config.v1.Credential.BindingCase.BINDING_NOT_SET;
    }

    static void check(io.tollgate.proto.config.v1.Credential credential, ObjectProblems problems) {
        switch (credential.getBindingCase()) {
            case JWT -> {
                int length = credential.getJwt().getSubject().length();
                if (length == 0 || length > SUBJECT_CHARACTERS_MAX) {
                    problems.add("/jwt/subject", length + " characters", "1 to " + SUBJECT_CHARACTERS_MAX);
                }
            }
            case BASIC -> checkBasic(credential.getBasic(), problems);
            case HTTP_SIGNATURE -> SignatureBinding.check(credential.getHttpSignature(), problems);
            case CLIENT_CERTIFICATE -> CertificateBinding.check(credential.getClientCertificate(), problems);
            case BINDING_NOT_SET -> {
                // An API key.
            }
        }
    }

    private static void checkBasic(BasicBinding basic, ObjectProblems problems) {
        if (!BasicPair.isUserName(basic.getUserName())) {
            problems.add(
                    "/basic/user_name",
                    basic.getUserName(),
                    "1 to " + BasicPair.USER_NAME_BYTES_MAX + " bytes of UTF-8 without colons and control characters");
        }
        if (PasswordHash.parse(basic.getDigest()) == null) {
            problems.add("/basic/password_hash", "another text", PasswordHash.EXPECTED);
        }
    }

    /** What checks what is presented for a credential that was checked; null where being known is enough. */
    static @Nullable CredentialVerifier verifier(io.tollgate.proto.config.v1.Credential credential) {
        return switch (credential.getBindingCase()) {
            case BASIC -> PasswordHash.parse(credential.getBasic().getDigest());
            case HTTP_SIGNATURE -> SignatureBinding.key(credential.getHttpSignature());
            case JWT, CLIENT_CERTIFICATE, BINDING_NOT_SET -> null;
        };
    }

    static CredentialType type(io.tollgate.proto.config.v1.Credential credential) {
        return switch (credential.getBindingCase()) {
            case JWT -> CredentialType.JWT;
            case BASIC -> CredentialType.BASIC;
            case HTTP_SIGNATURE -> CredentialType.HTTP_SIGNATURE;
            case CLIENT_CERTIFICATE -> CredentialType.CLIENT_CERTIFICATE;
            case BINDING_NOT_SET -> CredentialType.KEY;
        };
    }

    /** What finds a credential that was checked. */
    static String key(io.tollgate.proto.config.v1.Credential credential) {
        String key = switch (credential.getBindingCase()) {
            case JWT ->
                CredentialBindings.jwt(
                        credential.getJwt().getIssuerId(), credential.getJwt().getSubject());
            case BASIC ->
                CredentialBindings.basic(
                        PasswordHash.normal(credential.getBasic().getUserName()));
            case HTTP_SIGNATURE ->
                CredentialBindings.httpSignature(credential.getHttpSignature().getKeyId());
            case CLIENT_CERTIFICATE -> CertificateBinding.key(credential.getClientCertificate());
            case BINDING_NOT_SET -> null;
        };
        if (key == null) {
            throw new IllegalStateException(credential.getId() + " was checked");
        }
        return key;
    }

    /** The member that says what it is bound to. */
    private static String pointer(io.tollgate.proto.config.v1.Credential credential) {
        return switch (credential.getBindingCase()) {
            case JWT -> "/jwt/subject";
            case BASIC -> "/basic/user_name";
            case HTTP_SIGNATURE -> "/http_signature/key_id";
            case CLIENT_CERTIFICATE -> CertificateBinding.pointer(credential.getClientCertificate());
            case BINDING_NOT_SET -> "";
        };
    }

    /**
     * The bindings with these credentials as they are now.
     *
     * @param changed ids of credentials that were put or removed
     * @param put those of the credentials to put that are bindings
     */
    static Bindings compile(Bindings before, Set<String> changed, Collection<Put> put, ProblemList list) {
        Map<String, @Nullable Credential> byKey = new HashMap<>();
        Map<String, @Nullable CredentialVerifier> checks = new HashMap<>();
        Map<String, @Nullable String> keys = new HashMap<>();
        for (String id : changed) {
            String stale = before.keysById().get(id);
            if (stale != null) {
                byKey.put(stale, null);
                checks.put(stale, null);
                keys.put(id, null);
            }
        }
        // Of equals the one with the smallest id keeps it, so that the answer does not depend on the order.
        List<Put> sorted = new ArrayList<>(put);
        sorted.sort((one, other) ->
                one.credential().id().compareTo(other.credential().id()));
        for (Put one : sorted) {
            Credential other = byKey.containsKey(one.key()) ? byKey.get(one.key()) : before.find(one.key());
            if (other != null && !other.id().equals(one.credential().id())) {
                new ObjectProblems(list, one.object())
                        .add(
                                pointer((io.tollgate.proto.config.v1.Credential)
                                        one.object().message()),
                                "what another credential is bound to",
                                "each once");
                continue;
            }
            byKey.put(one.key(), one.credential());
            CredentialVerifier check = one.verifier();
            if (check != null || checks.containsKey(one.key())) {
                checks.put(one.key(), check);
            }
            keys.put(one.credential().id(), one.key());
        }
        return before.with(byKey, checks, keys);
    }

    /** A credential to put. Immutable. */
    record Put(
            WireObject object,
            String key,
            Credential credential,
            @Nullable CredentialVerifier verifier) {}
}
