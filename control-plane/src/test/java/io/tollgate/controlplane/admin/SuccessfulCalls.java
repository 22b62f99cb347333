package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.plan;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.service;
import static io.tollgate.controlplane.admin.AdminClient.unique;

import io.restassured.response.Response;
import io.tollgate.controlplane.Await;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import jakarta.enterprise.inject.spi.CDI;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/** For each operation of the contract one call that must succeed, on something made for it. */
final class SuccessfulCalls {
    private static final String USAGE = "?from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z";
    private static final Map<String, Supplier<Response>> CALLS = new TreeMap<>();

    static {
        named("Service", "services", AdminClient::service, """
                {"name": "%s", "targets": [{"host": "::1", "port": 8000, "weight": 5}], "path_prefix": "/api", "tags": ["a"]}""");
        named("Route", "routes", AdminClient::route, """
                {"name": "%1$s", "service": "contract", "hosts": ["*.example.com"], "methods": ["GET"], "tags": ["a"],
                 "paths": [{"type": "template", "value": "/%1$s/{id}"}], "rewrite": {"replace_full": "/v2/{id}"}}""");
        named("Policy", "policies", SuccessfulCalls::policy, """
                {"name": "%1$s", "type": "identity-headers", "identity_headers": {"plan_name": ""}, "enabled": false,
                 "attachment": {"service": "contract"}}""");
        named("Plan", "plans", AdminClient::plan, """
                {"name": "%s", "description": "gold", "services": ["contract"], "when_unmetered": "serve",
                 "rate_limits": [{"requests": 10, "window_seconds": 60}]}""");
        named("Listener", "listeners", AdminClient::listener, """
                {"name": "%s", "address": "2001:db8::7", "port": 8443, "enabled": false, "protocols": ["http2"],
                 "proxy_protocol": true, "trusted_proxies": ["10.0.0.0/8"], "forwarded_header": "forwarded"}""");
        named("Consumer", "consumers", AdminClient::consumer, """
                {"name": "%s", "billing_id": "B-1", "groups": ["partners"]}""");
        named("Certificate", "certificates", SuccessfulCalls::certificate, certificateBody());
        named("TrustRoot", "trust-roots", SuccessfulCalls::trustRoot, trustRootBody());
        named("TokenIssuer", "token-issuers", SuccessfulCalls::tokenIssuer, tokenIssuerBody());
        named("AcmeChallenge", "acme-challenges", SuccessfulCalls::acmeChallenge, acmeChallengeBody());
        named("AdminIssuer", "admin-issuers", SuccessfulCalls::adminIssuer, adminIssuerBody());
        named("AcmeIssuer", "acme-issuers", SuccessfulCalls::acmeIssuer, acmeIssuerBody());
        CALLS.put("rotateSigningKey", () -> {
            String name = unique("contract");
            created("/v1/token-issuers", """
                    {"name": "%1$s", "issuer": "https://%1$s.example.com/oauth", "authorization_server": {"audience": "a"}}""".formatted(name));
            return admin().post("/v1/token-issuers/" + name + "/rotate-key");
        });
        CALLS.put("renewCertificate", () -> {
            String name = unique("contract");
            acmeIssuer(name);
            created("/v1/certificates", """
                    {"name": "%1$s", "acme": {"issuer": "%1$s", "domains": ["a.example.com"], "challenge": "tls-alpn-01"}}""".formatted(name));
            return admin().post("/v1/certificates/" + name + "/renew");
        });
        named("Team", "teams", SuccessfulCalls::team, teamBody());
        keys();
        credentials();
        subscriptions();
        CALLS.put("listNodes", () -> {
            node();
            return admin().get("/v1/nodes");
        });
        CALLS.put("getNode", () -> admin().get("/v1/nodes/" + node()));
        CALLS.put("forgetNode", () -> admin().delete("/v1/nodes/" + node()));
        CALLS.put("revokeNode", () -> {
            JoinedNodes.join("contract-revoked");
            return admin().post("/v1/nodes/contract-revoked/revoke");
        });
        CALLS.put("listJoinTokens", () -> {
            joinToken();
            return admin().get("/v1/join-tokens");
        });
        CALLS.put("issueJoinToken", SuccessfulCalls::joinToken);
        CALLS.put(
                "getJoinToken",
                () -> admin().get("/v1/join-tokens/" + joinToken().path("id")));
        CALLS.put(
                "deleteJoinToken",
                () -> admin().delete("/v1/join-tokens/" + joinToken().path("id")));
        CALLS.put("listRevisions", () -> admin().get("/v1/revisions"));
        CALLS.put("getRevision", () -> {
            consumer(unique("contract"));
            return admin().get("/v1/revisions/" + AdminClient.revision());
        });
        CALLS.put("getUsage", () -> admin().get("/v1/usage" + USAGE));
        CALLS.put("exportUsage", () -> admin().get("/v1/usage/export" + USAGE));
        CALLS.put("getServiceHealth", () -> admin().get("/v1/services/contract/health"));
        CALLS.put("explain", () -> post("/v1/explain", """
                {"method": "GET", "path": "/nowhere?x=1", "headers": [{"name": "X-A", "value": "b"}]}"""));
        CALLS.put("listAudit", () -> admin().get("/v1/audit?outcome=done"));
        CALLS.put("exportAudit", () -> {
            consumer(unique("contract"));
            return admin().get("/v1/audit/export?kind=consumer&format=csv");
        });
        CALLS.put("listTokens", () -> {
            token();
            return admin().get("/v1/tokens");
        });
        CALLS.put("issueToken", SuccessfulCalls::token);
        CALLS.put("getToken", () -> admin().get("/v1/tokens/" + token().path("id")));
        CALLS.put("revokeToken", () -> admin().delete("/v1/tokens/" + token().path("id")));
    }

    private SuccessfulCalls() {}

    static Set<String> operations() {
        return CALLS.keySet();
    }

    static Response of(String operation) {
        Supplier<Response> call = CALLS.get(operation);
        if (call == null) {
            throw new AssertionError("nobody calls " + operation);
        }
        service("contract");
        return call.get();
    }

    private static void named(String noun, String collection, java.util.function.Consumer<String> make, String body) {
        String at = "/v1/" + collection;
        CALLS.put("list" + (noun.equals("Policy") ? "Policies" : noun + "s"), () -> {
            made(make);
            return admin().get(at);
        });
        CALLS.put("create" + noun, () -> post(at, body.formatted(unique("contract"))));
        CALLS.put("get" + noun, () -> admin().get(at + "/" + made(make)));
        CALLS.put("put" + noun, () -> {
            String name = unique("contract");
            Response created = put(at + "/" + name, body.formatted(name));
            created.then().statusCode(201);
            return put(at + "/" + name, body.formatted(name));
        });
        CALLS.put("delete" + noun, () -> {
            String path = at + "/" + made(make);
            return admin().header("If-Match", etag(path)).delete(path);
        });
    }

    private static String made(java.util.function.Consumer<String> make) {
        String name = unique("contract");
        make.accept(name);
        return name;
    }

    private static String certificateBody() {
        return "{\"name\": \"%s\", \"tags\": [\"a\"], " + Certificates.CERTIFICATE + "}";
    }

    private static void certificate(String name) {
        created("/v1/certificates", certificateBody().formatted(name));
    }

    private static String acmeChallengeBody() {
        return """
                {"name": "%1$s", "token": "0123456789abcdef-%1$s",
                 "key_authorization": "0123456789abcdef-%1$s.9jg46WB3rR_AHD-EBXdN7cBkH1WOu0tA3M9fm21mqTI"}""";
    }

    private static void acmeChallenge(String name) {
        created("/v1/acme-challenges", acmeChallengeBody().formatted(name));
    }

    private static String adminIssuerBody() {
        return """
                {"name": "%1$s", "issuer": "https://%1$s.example.com/", "audiences": ["tollgate"], "algorithms": ["EdDSA"],
                 "enabled": false, "jwks_url": "https://%1$s.example.com/keys", "subject_claim": "email",
                 "roles": [{"claim": "groups", "value": "everyone", "role": "auditor"}]}""";
    }

    private static void adminIssuer(String name) {
        created("/v1/admin-issuers", adminIssuerBody().formatted(name));
    }

    /** Nobody listens at its address. */
    private static String acmeIssuerBody() {
        return """
                {"name": "%s", "directory_url": "http://127.0.0.1:1/directory", "contacts": ["mailto:ops@example.com"],
                 "terms_of_service_agreed": true,
                 "external_account": {"key_id": "kid-1", "hmac_key": "zWNDZM6eQGHWpSRTPal5eIUYFTu7EajVIoguysqZ9wG"}}""";
    }

    private static void acmeIssuer(String name) {
        created("/v1/acme-issuers", acmeIssuerBody().formatted(name));
    }

    private static String teamBody() {
        return """
                {"name": "%s", "description": "a team", "services": ["contract"], "member_tags": ["x"], "tags": ["y"]}""";
    }

    private static void team(String name) {
        created("/v1/teams", teamBody().formatted(name));
    }

    private static String trustRootBody() {
        return "{\"name\": \"%s\", " + Certificates.TRUST_ROOT + "}";
    }

    private static void trustRoot(String name) {
        created("/v1/trust-roots", trustRootBody().formatted(name));
    }

    private static String tokenIssuerBody() {
        return """
                {"name": "%1$s", "issuer": "https://%1$s.example.com/", "hmac_secret": "0123456789-0123456789-0123456789",
                 "algorithms": ["HS256"], "audiences": ["pets"], "required_claims": [{"claim": "tenant", "values": ["a"]}]}""";
    }

    private static void tokenIssuer(String name) {
        created("/v1/token-issuers", tokenIssuerBody().formatted(name));
    }

    private static void credentials() {
        CALLS.put("listCredentials", () -> admin().get(parent(credential())));
        CALLS.put("createCredential", () -> {
            String issuer = made(SuccessfulCalls::tokenIssuer);
            return post("/v1/consumers/" + made(AdminClient::consumer) + "/credentials", credentialBody(issuer));
        });
        CALLS.put("getCredential", () -> admin().get(credential()));
        CALLS.put("putCredential", () -> {
            String issuer = made(SuccessfulCalls::tokenIssuer);
            String path = "/v1/consumers/" + made(AdminClient::consumer) + "/credentials/login";
            put(path, credentialBody(issuer)).then().statusCode(201);
            return put(path, credentialBody(issuer));
        });
        CALLS.put("deleteCredential", () -> {
            String path = credential();
            return admin().header("If-Match", etag(path)).delete(path);
        });
    }

    private static String credentialBody(String issuer) {
        return """
                {"name": "login", "type": "jwt", "jwt": {"issuer": "%s", "subject": "client-7"}}""".formatted(issuer);
    }

    private static String credential() {
        String issuer = made(SuccessfulCalls::tokenIssuer);
        String credentials = "/v1/consumers/" + made(AdminClient::consumer) + "/credentials";
        created(credentials, credentialBody(issuer));
        return credentials + "/login";
    }

    private static void policy(String name) {
        consumer(name);
        created("/v1/policies", """
                {"name": "%1$s", "type": "rate-limit", "attachment": {"consumer": "%1$s"},
                 "rate_limit": {"windows": [{"requests": 10, "window_seconds": 60, "burst": 5}]}}""".formatted(name));
    }

    private static Response joinToken() {
        return post("/v1/join-tokens", """
                {"node_id": "contract", "expires_in_seconds": 60}""");
    }

    private static Response token() {
        return post("/v1/tokens", """
                {"name": "of the contract", "subject": "contract", "roles": ["auditor"], "expires_in_seconds": 60}""");
    }

    private static void keys() {
        CALLS.put("listKeys", () -> admin().get(parent(key())));
        CALLS.put("issueKey", () -> {
            String consumer = made(AdminClient::consumer);
            return post("/v1/consumers/" + consumer + "/keys", """
                    {"name": "production", "environment": "test", "expires_at": "2999-01-01T00:00:00Z"}""");
        });
        CALLS.put("getKey", () -> admin().get(key()));
        CALLS.put("putKey", () -> {
            String path = key();
            return admin().header("If-Match", etag(path))
                    .body("{\"name\": \"production\", \"expires_at\": \"2999-01-01T00:00:00Z\"}")
                    .put(path);
        });
        CALLS.put("rotateKey", () -> post(key() + "/rotate", "{\"overlap_seconds\": 60}"));
        CALLS.put(
                "importKey",
                () -> post("/v1/consumers/" + made(AdminClient::consumer) + "/keys/import", """
                {"name": "legacy", "sha256": "%064x"}""".formatted(
                                System.nanoTime())));
        CALLS.put("issueKeys", () -> post("/v1/keys", """
                {"keys": [{"consumer": "%s", "key": {"name": "one"}}]}""".formatted(made(AdminClient::consumer))));
        CALLS.put("revokeKey", () -> {
            String path = key();
            return admin().header("If-Match", etag(path)).delete(path);
        });
    }

    private static String key() {
        String keys = "/v1/consumers/" + made(AdminClient::consumer) + "/keys";
        created(keys, "{\"name\": \"production\"}");
        return keys + "/production";
    }

    private static void subscriptions() {
        CALLS.put("listSubscriptions", () -> admin().get(parent(subscription())));
        CALLS.put("createSubscription", () -> {
            plan("contract");
            String consumer = made(AdminClient::consumer);
            return post("/v1/consumers/" + consumer + "/subscriptions", "{\"plan\": \"contract\"}");
        });
        CALLS.put("getSubscription", () -> admin().get(subscription()));
        CALLS.put("putSubscription", () -> {
            String path = subscription();
            return admin().header("If-Match", etag(path))
                    .body("{\"plan\": \"contract\", \"ends_at\": \"2999-01-01T00:00:00Z\"}")
                    .put(path);
        });
        CALLS.put("deleteSubscription", () -> {
            String path = subscription();
            return admin().header("If-Match", etag(path)).delete(path);
        });
    }

    private static String subscription() {
        plan("contract");
        String subscriptions = "/v1/consumers/" + made(AdminClient::consumer) + "/subscriptions";
        return subscriptions + "/"
                + created(subscriptions, "{\"plan\": \"contract\"}").path("id");
    }

    /** A node that was here and has gone. */
    private static String node() {
        String id = unique("contract");
        StreamServer server = CDI.current().select(StreamServer.class).get();
        try (TestNode node = TestNode.dial(server.port()).hello(id, 1)) {
            node.take();
            node.hangUp();
        }
        Await.until("the node is known and gone", Duration.ofSeconds(5), () -> {
            Response answer = admin().get("/v1/nodes/" + id);
            return answer.statusCode() == 200 && !answer.<Boolean>path("live");
        });
        return id;
    }

    private static String parent(String path) {
        return path.substring(0, path.lastIndexOf('/'));
    }
}
