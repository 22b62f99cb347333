package io.tollgate.controlplane.snapshot;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.ByteString;
import com.google.protobuf.MessageLite;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.tokenissuer.KeyRing;
import io.tollgate.proto.config.v1.AcmeChallenge;
import io.tollgate.proto.config.v1.AcmeChallengeType;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.Certificate;
import io.tollgate.proto.config.v1.Consumer;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.KeyEnvironment;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.PathRewrite;
import io.tollgate.proto.config.v1.Plan;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.RateWindow;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.SigningKey;
import io.tollgate.proto.config.v1.Subscription;
import io.tollgate.proto.config.v1.TokenIssuer;
import io.tollgate.proto.config.v1.TrustRoot;
import io.tollgate.proto.config.v1.WhenUnmetered;
import java.security.GeneralSecurityException;
import java.sql.Array;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One row of the catalog as one message. Lists keep the order of the row. Immutable. */
final class RowObjects {
    private final ObjectMapper json;
    private final EnvelopeKey envelope;

    RowObjects(ObjectMapper json, EnvelopeKey envelope) {
        this.json = json;
        this.envelope = envelope;
    }

    /** The query for all rows of a kind, without condition and order; every one has a column {@code id}. */
    static String select(ObjectKind kind) {
        return switch (kind) {
            case CERTIFICATE ->
                "select id, name, certificate_chain, private_key, ocsp_response, ocsp_next_update from certificate";
            case ACME_CHALLENGE ->
                "select id, name, type, token, domain, key_authorization, validation_certificate, private_key"
                        + " from acme_challenge";
            case TRUST_ROOT -> "select id, name, certificates from trust_root";
            case TOKEN_ISSUER ->
                "select id, name, enabled, issuer, settings, hmac_secret, client_secret, signing_keys, trust_root_id"
                        + " from token_issuer";
            case SERVICE ->
                "select id, name, enabled, targets, connect_timeout_millis, response_timeout_millis,"
                        + " idle_timeout_millis, preserve_host, path_prefix, settings from service";
            case ROUTE ->
                "select id, name, enabled, hosts, paths, methods, service_id, rewrite, settings, created_at from route";
            case POLICY ->
                "select id, name, type, enabled, attachment_kind,"
                        + " coalesce(service_id, route_id, plan_id, consumer_id) as object_id, config from policy";
            case PLAN ->
                "select id, name, enabled, all_routes, rate_limits, when_unmetered,"
                        + " array(select route_id::text from plan_route where plan_id = plan.id order by 1) as route_ids,"
                        + " array(select service_id::text from plan_service where plan_id = plan.id order by 1)"
                        + " as service_ids from plan";
            case CONSUMER -> "select id, name, enabled, groups from consumer";
            case CREDENTIAL ->
                "select id, consumer_id, digest, expires_at, revoked_at, prefix, environment, scopes, networks,"
                        + " deprecated_at, type, config, secret from credential";
            case SUBSCRIPTION -> "select id, consumer_id, plan_id, starts_at, ends_at from subscription";
            case LISTENER -> "select id, name, enabled, address, port, settings from listener";
            case GATEWAY -> throw new IllegalArgumentException("the gateway object has no rows of its own");
            case ADMIN_ISSUER, ACME_ISSUER, TEAM -> throw new IllegalArgumentException("nodes get no " + kind.word());
        };
    }

    /** The current row as a message. */
    MessageLite of(ObjectKind kind, ResultSet row) throws SQLException {
        return switch (kind) {
            case CERTIFICATE -> certificate(row);
            case ACME_CHALLENGE -> acmeChallenge(row);
            case TRUST_ROOT -> trustRoot(row);
            case TOKEN_ISSUER -> tokenIssuer(row);
            case SERVICE -> service(row);
            case ROUTE -> route(row);
            case POLICY -> policy(row);
            case PLAN -> plan(row);
            case CONSUMER -> consumer(row);
            case CREDENTIAL -> credential(row);
            case SUBSCRIPTION -> subscription(row);
            case LISTENER -> listener(row);
            case GATEWAY -> throw new IllegalArgumentException("the gateway object has no rows of its own");
            case ADMIN_ISSUER, ACME_ISSUER, TEAM -> throw new IllegalArgumentException("nodes get no " + kind.word());
        };
    }

    private Certificate certificate(ResultSet row) throws SQLException {
        String id = row.getString("id");
        Certificate.Builder certificate = Certificate.newBuilder()
                .setId(id)
                .setName(row.getString("name"))
                .setCertificateChain(row.getString("certificate_chain"))
                .setOcspNextUpdateMillis(millis(row, "ocsp_next_update"));
        byte[] ocspResponse = row.getBytes("ocsp_response");
        if (ocspResponse != null) {
            certificate.setOcspResponse(ByteString.copyFrom(ocspResponse));
        }
        // Without a key it is one that is still to be got from an ACME issuer.
        return certificate.setPrivateKey(opened(id, row)).build();
    }

    /** The private key of a row; nothing where it has none. */
    private ByteString opened(String id, ResultSet row) throws SQLException {
        return opened(id, row, "private_key");
    }

    /** What a column has that is sealed; nothing where it has none. */
    private ByteString opened(String id, ResultSet row, String column) throws SQLException {
        byte[] sealed = row.getBytes(column);
        if (sealed == null) {
            return ByteString.EMPTY;
        }
        try {
            return ByteString.copyFrom(envelope.open(UUID.fromString(id), sealed));
        } catch (GeneralSecurityException e) {
            throw new SQLException(
                    "the " + column.replace('_', ' ') + " of " + id + " does not open with envelope key "
                            + envelope.id(),
                    e);
        }
    }

    private AcmeChallenge acmeChallenge(ResultSet row) throws SQLException {
        String id = row.getString("id");
        AcmeChallenge.Builder challenge = AcmeChallenge.newBuilder().setId(id).setName(row.getString("name"));
        byte[] certificate = row.getBytes("validation_certificate");
        if (certificate == null) {
            return challenge
                    .setToken(row.getString("token"))
                    .setKeyAuthorization(row.getString("key_authorization"))
                    .build();
        }
        return challenge
                .setType(AcmeChallengeType.valueOf("ACME_CHALLENGE_TYPE_"
                        + row.getString("type").toUpperCase(Locale.ROOT).replace('-', '_')))
                .setDomain(row.getString("domain"))
                .setCertificate(ByteString.copyFrom(certificate))
                .setPrivateKey(opened(id, row))
                .build();
    }

    private static TrustRoot trustRoot(ResultSet row) throws SQLException {
        return TrustRoot.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setCertificates(row.getString("certificates"))
                .build();
    }

    private TokenIssuer tokenIssuer(ResultSet row) throws SQLException {
        String id = row.getString("id");
        TokenIssuer.Builder issuer = TokenIssuer.newBuilder()
                .setId(id)
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .setIssuer(row.getString("issuer"))
                .setTrustRootId(Objects.requireNonNullElse(row.getString("trust_root_id"), ""));
        SettingsMessage.merge(tree(row, "settings"), issuer);
        if (issuer.hasIntrospection()) {
            issuer.getIntrospectionBuilder().setClientSecretBytes(secret(id, row, "client_secret"));
        }
        if (issuer.hasAuthorizationServer()) {
            ByteString ring = secret(id, row, "signing_keys");
            for (KeyRing.Pair pair : KeyRing.parse(ring.toByteArray()).pairs()) {
                issuer.getAuthorizationServerBuilder()
                        .addSigningKeys(SigningKey.newBuilder()
                                .setId(pair.id())
                                .setAlgorithm(pair.algorithm())
                                .setPrivateKey(ByteString.copyFrom(pair.privateKey()))
                                .setPublicKey(ByteString.copyFrom(pair.publicKey()))
                                .setSignsFromMillis(pair.signsFromMillis()));
            }
        }
        return issuer.setHmacSecretBytes(secret(id, row, "hmac_secret")).build();
    }

    /** A secret of a token issuer; nothing where it has none. */
    private ByteString secret(String id, ResultSet row, String column) throws SQLException {
        byte[] sealed = row.getBytes(column);
        if (sealed == null) {
            return ByteString.EMPTY;
        }
        try {
            return ByteString.copyFrom(envelope.open(UUID.fromString(id), sealed));
        } catch (GeneralSecurityException e) {
            throw new SQLException(
                    "the secret of token issuer " + id + " does not open with envelope key " + envelope.id(), e);
        }
    }

    private Service service(ResultSet row) throws SQLException {
        Service.Builder service = Service.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .setConnectTimeoutMillis(row.getInt("connect_timeout_millis"))
                .setResponseTimeoutMillis(row.getInt("response_timeout_millis"))
                .setIdleTimeoutMillis(row.getInt("idle_timeout_millis"))
                .setPreserveHost(row.getBoolean("preserve_host"))
                .setPathPrefix(row.getString("path_prefix"));
        for (JsonNode target : tree(row, "targets")) {
            SettingsMessage.merge(target, service.addTargetsBuilder());
        }
        SettingsMessage.merge(tree(row, "settings"), service);
        return service.build();
    }

    private Route route(ResultSet row) throws SQLException {
        Route.Builder route = Route.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .addAllHosts(texts(row, "hosts"))
                .addAllMethods(texts(row, "methods"))
                .setServiceId(Objects.requireNonNullElse(row.getString("service_id"), ""))
                .setCreatedAtMillis(millis(row, "created_at"));
        for (JsonNode path : tree(row, "paths")) {
            route.addPaths(PathMatch.newBuilder()
                    .setKind(PathMatchKind.valueOf(
                            "PATH_MATCH_KIND_" + path.path("type").asText().toUpperCase(Locale.ROOT)))
                    .setValue(path.path("value").asText()));
        }
        SettingsMessage.merge(tree(row, "settings"), route);
        JsonNode rewrite = tree(row, "rewrite");
        if (rewrite.hasNonNull("replace_prefix")) {
            route.setRewrite(PathRewrite.newBuilder()
                    .setReplacePrefix(rewrite.get("replace_prefix").asText()));
        } else if (rewrite.hasNonNull("replace_full")) {
            route.setRewrite(PathRewrite.newBuilder()
                    .setReplaceFull(rewrite.get("replace_full").asText()));
        }
        return route.build();
    }

    private Policy policy(ResultSet row) throws SQLException {
        String objectId = row.getString("object_id");
        Policy.Builder policy = Policy.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .setAttachment(Attachment.newBuilder()
                        .setKind(AttachmentKind.valueOf("ATTACHMENT_KIND_"
                                + row.getString("attachment_kind").toUpperCase(Locale.ROOT)))
                        .setObjectId(objectId == null ? "" : objectId));
        // The document of a type is the message of that type, which the policy has under the type's name.
        ObjectNode config = tree(row, "config").deepCopy();
        String type = config.remove("type").asText();
        SettingsMessage.merge(json.createObjectNode().set(type.replace('-', '_'), config), policy);
        return policy.build();
    }

    private Plan plan(ResultSet row) throws SQLException {
        return Plan.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .addAllRouteIds(texts(row, "route_ids"))
                .addAllServiceIds(texts(row, "service_ids"))
                .setAllRoutes(row.getBoolean("all_routes"))
                .addAllRateLimits(windows(tree(row, "rate_limits")))
                .setWhenUnmetered(WhenUnmetered.valueOf(
                        "WHEN_UNMETERED_" + row.getString("when_unmetered").toUpperCase(Locale.ROOT)))
                .build();
    }

    private static Consumer consumer(ResultSet row) throws SQLException {
        return Consumer.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .addAllGroups(texts(row, "groups"))
                .build();
    }

    private Credential credential(ResultSet row) throws SQLException {
        Credential.Builder credential = Credential.newBuilder()
                .setId(row.getString("id"))
                .setConsumerId(row.getString("consumer_id"))
                .setExpiresAtMillis(millis(row, "expires_at"))
                .setRevoked(row.getObject("revoked_at") != null)
                .addAllScopes(texts(row, "scopes"))
                .addAllNetworks(texts(row, "networks"))
                .setDeprecatedAtMillis(millis(row, "deprecated_at"))
                .setPrefix(row.getString("prefix"));
        // Live is what is not said, and takes no room in a million objects.
        if ("test".equals(row.getString("environment"))) {
            credential.setEnvironment(KeyEnvironment.KEY_ENVIRONMENT_TEST);
        }
        byte[] digest = row.getBytes("digest");
        if (digest != null) {
            return credential.setDigest(ByteString.copyFrom(digest)).build();
        }
        // The document of a type is the message of that type, which the credential has under the type's name.
        SettingsMessage.merge(tree(row, "config"), credential);
        if (credential.hasBasic()) {
            credential.getBasicBuilder().setDigestBytes(opened(credential.getId(), row, "secret"));
        }
        if (credential.hasHttpSignature()) {
            credential.getHttpSignatureBuilder().setSharedSecret(opened(credential.getId(), row, "secret"));
        }
        return credential.build();
    }

    private static Subscription subscription(ResultSet row) throws SQLException {
        return Subscription.newBuilder()
                .setId(row.getString("id"))
                .setConsumerId(row.getString("consumer_id"))
                .setPlanId(row.getString("plan_id"))
                .setStartsAtMillis(millis(row, "starts_at"))
                .setEndsAtMillis(millis(row, "ends_at"))
                .build();
    }

    private Listener listener(ResultSet row) throws SQLException {
        Listener.Builder listener = Listener.newBuilder()
                .setId(row.getString("id"))
                .setName(row.getString("name"))
                .setEnabled(row.getBoolean("enabled"))
                .setAddress(row.getString("address"))
                .setPort(row.getInt("port"));
        SettingsMessage.merge(tree(row, "settings"), listener);
        return listener.build();
    }

    private static List<RateWindow> windows(JsonNode array) {
        List<RateWindow> windows = new ArrayList<>();
        for (JsonNode window : array) {
            windows.add(RateWindow.newBuilder()
                    .setRequests(window.path("requests").asInt())
                    .setWindowSeconds(window.path("window_seconds").asInt())
                    .setBurst(window.path("burst").asInt())
                    .build());
        }
        return windows;
    }

    private static List<String> texts(ResultSet row, String column) throws SQLException {
        Array array = row.getArray(column);
        try {
            return List.of((String[]) array.getArray());
        } finally {
            array.free();
        }
    }

    private JsonNode tree(ResultSet row, String column) throws SQLException {
        String text = row.getString(column);
        try {
            return text == null ? json.missingNode() : json.readTree(text);
        } catch (JsonProcessingException e) {
            throw new SQLException("column " + column + " is not JSON", e);
        }
    }

    /** 0 where there is no time. */
    private static long millis(ResultSet row, String column) throws SQLException {
        @Nullable OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
        return time == null ? 0 : time.toInstant().toEpochMilli();
    }
}
