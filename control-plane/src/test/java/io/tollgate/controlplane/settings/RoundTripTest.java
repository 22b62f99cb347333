package io.tollgate.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.InvalidProtocolBufferException;
import com.google.protobuf.TextFormat;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.admin.contract.Contract;
import io.tollgate.controlplane.stream.Operator;
import io.tollgate.controlplane.stream.StreamServer;
import io.tollgate.controlplane.stream.TestNode;
import io.tollgate.proto.config.v1.Change;
import io.tollgate.proto.config.v1.Listener;
import io.tollgate.proto.config.v1.ListenerBounds;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Service;
import io.tollgate.proto.config.v1.TokenIssuer;
import jakarta.inject.Inject;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class RoundTripTest {
    private static final List<String> READ_ONLY = List.of("id", "created_at", "updated_at");

    @Inject
    Contract contract;

    @Inject
    StreamServer server;

    @Test
    void samples_sayEveryMemberOfTheContract() {
        for (String schema : List.of("Service", "Route", "Listener")) {
            ObjectNode said = Samples.JSON.createObjectNode();
            Samples.all().stream()
                    .filter(sample -> sample.schema().equals(schema))
                    .forEach(sample -> said.setAll(sample.body()));
            for (Map.Entry<String, JsonNode> property :
                    contract.schema(schema).path("properties").properties()) {
                if (!READ_ONLY.contains(property.getKey())) {
                    assertThat(said.has(property.getKey()))
                            .as(schema + "." + property.getKey())
                            .isTrue();
                }
            }
        }
    }

    @Test
    void put_everyMember_isReadBackAsItWasWritten() throws IOException {
        Samples.putAll();
        for (Samples.Sample sample : Samples.all()) {
            ObjectNode read = get(sample.path());
            read.remove(READ_ONLY);
            // What is never shown, and when it changed instead.
            if (sample.body().path("introspection").has("client_secret")) {
                sample.body().withObject("introspection").remove("client_secret");
                assertThat(read.withObject("introspection").remove("client_secret_changed_at"))
                        .isNotNull();
            }
            if (sample.body().has("authorization_server")) {
                assertThat(read.withObject("authorization_server").remove("signing_keys"))
                        .hasSize(1);
            }
            assertThat((Object) read).as(sample.name()).isEqualTo(sample.body());
        }
    }

    @Test
    void put_ofWhatWasRead_makesNoRevision() {
        Samples.putAll();
        String revision = Operator.request()
                .body(Samples.named("full").body().toString())
                .put("/v1/services/full")
                .header("Tollgate-Revision");
        for (Samples.Sample sample : Samples.all()) {
            Response read = Operator.request().get(sample.path());
            Response written = Operator.request().body(read.asString()).put(sample.path());
            assertThat(written.statusCode()).as(sample.name()).isEqualTo(200);
            assertThat(written.header("Tollgate-Revision")).as(sample.name()).isEqualTo(revision);
            assertThat(written.header("ETag")).as(sample.name()).isEqualTo(read.header("ETag"));
        }
    }

    @Test
    void put_withoutOptionalMembers_isReadBackWithDefaultsAndWithoutThem() throws IOException {
        Operator.put("/v1/services/plain", """
                {"name": "plain", "targets": [{"host": "127.0.0.1", "port": 8000}]}""");
        ObjectNode service = get("/v1/services/plain");
        assertThat(service.at("/targets/0/zone").asText("absent")).isEmpty();
        assertThat(service.at("/targets/0/discovery").asText()).isEqualTo("address");
        assertThat(service.path("when_unhealthy").asText()).isEqualTo("refuse");
        assertThat(service.path("protocol").asText()).isEqualTo("http1");
        assertThat(service.path("call_timeout_millis").asInt(-1)).isZero();
        assertThat(service.properties())
                .extracting(Map.Entry::getKey)
                .doesNotContain(
                        "load_balancing",
                        "health_check",
                        "ejection",
                        "retry",
                        "hedge",
                        "circuit_breaker",
                        "concurrency_limit",
                        "tls");
        Operator.put("/v1/routes/plain", """
                {"name": "plain", "service": "plain", "paths": [{"type": "prefix", "value": "/plain-defaults"}]}""");
        ObjectNode route = get("/v1/routes/plain");
        assertThat(route.path("priority").asInt()).isEqualTo(50);
        assertThat(route.path("headers").isArray()).isTrue();
        assertThat(route.properties())
                .extracting(Map.Entry::getKey)
                .doesNotContain(
                        "split", "redirect", "fixed_answer", "mirror", "timeouts", "retry", "rewrite", "streams");
    }

    @Test
    void bounds_ofTheContract_areThoseOfTheNode() throws IOException, ReflectiveOperationException {
        Operator.put("/v1/listeners/bounded", """
                {"name": "bounded", "address": "192.0.2.77", "port": 8443, "bounds": {}}""");
        JsonNode bounds = get("/v1/listeners/bounded").path("bounds");
        for (Map.Entry<String, JsonNode> property :
                contract.schema("ListenerBounds").path("properties").properties()) {
            FieldDescriptor field = ListenerBounds.getDescriptor().findFieldByName(property.getKey());
            Object usual = io.tollgate.engine.listener.ListenerBounds.class
                    .getMethod(field.getJsonName())
                    .invoke(io.tollgate.engine.listener.ListenerBounds.DEFAULTS);
            assertThat(property.getValue().path("default").asLong())
                    .as(property.getKey())
                    .isEqualTo(((Number) usual).longValue())
                    .isEqualTo(bounds.path(property.getKey()).asLong(-1));
        }
    }

    @Test
    void put_emptyOptionalObjects_areReadBackWithTheDefaultsOfTheContract() throws IOException {
        Operator.put("/v1/services/defaults", """
                {"name": "defaults", "targets": [{"host": "127.0.0.1", "port": 8000}], "load_balancing": {},
                 "health_check": {"type": "tcp"}, "ejection": {}, "retry": {}, "hedge": {"delay_millis": 9},
                 "circuit_breaker": {}, "concurrency_limit": {"calls_max": 9}, "tls": {}}""");
        JsonNode service = get("/v1/services/defaults");
        Map<String, String> schemas = Map.of(
                "load_balancing", "LoadBalancing",
                "health_check", "HealthCheck",
                "ejection", "Ejection",
                "retry", "Retry",
                "hedge", "Hedge",
                "circuit_breaker", "CircuitBreaker",
                "tls", "UpstreamTls",
                "concurrency_limit", "ConcurrencyLimit");
        schemas.forEach((member, schema) -> contract.schema(schema)
                .path("properties")
                .properties()
                .forEach(property -> {
                    JsonNode expected = property.getValue().get("default");
                    if (expected != null) {
                        assertThat(service.path(member).path(property.getKey()))
                                .as(member + "." + property.getKey())
                                .isEqualTo(expected);
                    }
                }));
    }

    @Test
    void node_getsEveryMember() throws IOException {
        Samples.putAll();
        try (TestNode node = TestNode.dial(server.port()).hello("settings", System.nanoTime())) {
            List<Change> changes = node.take().changes();
            for (Samples.Sample sample : Samples.all()) {
                switch (sample.schema()) {
                    case "Service" ->
                        assertThat(service(changes, sample.name()))
                                .isEqualTo(expected(sample, Service.newBuilder())
                                        .setId(id(sample.path()))
                                        .build());
                    case "Route" -> assertRoute(sample, changes);
                    case "Policy" -> assertPolicy(sample, changes);
                    case "Listener" -> assertListener(sample, changes);
                    case "TokenIssuer" -> assertTokenIssuer(sample, changes);
                    default -> throw new AssertionError(sample.schema());
                }
            }
        }
    }

    private static void assertListener(Samples.Sample sample, List<Change> changes) throws IOException {
        Listener.Builder listener = expected(sample, Listener.newBuilder()).setId(id(sample.path()));
        listener.getTlsBuilder()
                .setCertificateIds(0, id("/v1/certificates/" + listener.getTls().getCertificateIds(0)))
                .setTrustRootIds(0, id("/v1/trust-roots/" + listener.getTls().getTrustRootIds(0)));
        assertThat(Listener.parseFrom(object(changes, ObjectKind.OBJECT_KIND_LISTENER, id(sample.path()))))
                .isEqualTo(listener.build());
    }

    private static void assertTokenIssuer(Samples.Sample sample, List<Change> changes) throws IOException {
        TokenIssuer.Builder issuer = expected(sample, TokenIssuer.newBuilder()).setId(id(sample.path()));
        if (issuer.hasNewConsumers()) {
            issuer.getNewConsumersBuilder()
                    .setPlanId(id("/v1/plans/" + issuer.getNewConsumers().getPlanId()));
        }
        if (!issuer.getTrustRootId().isEmpty()) {
            issuer.setTrustRootId(id("/v1/trust-roots/" + issuer.getTrustRootId()));
        }
        TokenIssuer.Builder actual =
                TokenIssuer.parseFrom(object(changes, ObjectKind.OBJECT_KIND_TOKEN_ISSUER, id(sample.path())))
                        .toBuilder();
        if (issuer.hasAuthorizationServer()) {
            // Made by the control plane.
            assertThat(actual.getAuthorizationServer().getSigningKeysList()).hasSize(1);
            actual.getAuthorizationServerBuilder().clearSigningKeys();
        }
        assertThat(actual.build()).isEqualTo(issuer.build());
    }

    private static void assertRoute(Samples.Sample sample, List<Change> changes) throws IOException {
        Route actual = Route.parseFrom(object(changes, ObjectKind.OBJECT_KIND_ROUTE, id(sample.path())));
        Route.Builder route = expected(sample, Route.newBuilder())
                .setId(id(sample.path()))
                .setCreatedAtMillis(actual.getCreatedAtMillis());
        if (!route.getServiceId().isEmpty()) {
            route.setServiceId(id("/v1/services/" + route.getServiceId()));
        }
        if (route.hasMirror()) {
            route.getMirrorBuilder()
                    .setServiceId(id("/v1/services/" + route.getMirror().getServiceId()));
        }
        if (route.hasSplit()) {
            route.getSplitBuilder()
                    .getServicesBuilderList()
                    .forEach(service -> service.setServiceId(id("/v1/services/" + service.getServiceId())));
        }
        assertThat(actual).isEqualTo(route.build());
        assertThat(actual.getCreatedAtMillis()).isPositive();
    }

    private static void assertPolicy(Samples.Sample sample, List<Change> changes) throws IOException {
        Policy actual = Policy.parseFrom(object(changes, ObjectKind.OBJECT_KIND_POLICY, id(sample.path())));
        Policy.Builder policy = expected(sample, Policy.newBuilder()).setId(id(sample.path()));
        if (policy.hasForwardAuth()) {
            policy.getForwardAuthBuilder()
                    .setServiceId(id("/v1/services/" + policy.getForwardAuth().getServiceId()));
        }
        if (!policy.getAttachment().getObjectId().isEmpty()) {
            policy.getAttachmentBuilder()
                    .setObjectId(id("/v1/routes/" + policy.getAttachment().getObjectId()));
        }
        for (int i = 0; i < policy.getJwt().getIssuerIdsCount(); i++) {
            policy.getJwtBuilder()
                    .setIssuerIds(i, id("/v1/token-issuers/" + policy.getJwt().getIssuerIds(i)));
        }
        if (policy.hasCallerIdentity()) {
            policy.getCallerIdentityBuilder()
                    .setIssuerId(
                            id("/v1/token-issuers/" + policy.getCallerIdentity().getIssuerId()));
        }
        if (policy.hasIntrospection()) {
            policy.getIntrospectionBuilder()
                    .setIssuerId(
                            id("/v1/token-issuers/" + policy.getIntrospection().getIssuerId()));
        }
        assertThat(actual).isEqualTo(policy.build());
    }

    private static Service service(List<Change> changes, String name) throws InvalidProtocolBufferException {
        return Service.parseFrom(object(changes, ObjectKind.OBJECT_KIND_SERVICE, id("/v1/services/" + name)));
    }

    private static com.google.protobuf.ByteString object(List<Change> changes, ObjectKind kind, String id) {
        return changes.stream()
                .filter(change -> change.getKind() == kind && change.getId().equals(id))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + kind + " " + id))
                .getObject();
    }

    private static <B extends com.google.protobuf.Message.Builder> B expected(Samples.Sample sample, B into)
            throws IOException {
        TextFormat.merge(sample.expected(), into);
        return into;
    }

    private static String id(String path) {
        return Operator.request().get(path).path("id");
    }

    private static ObjectNode get(String path) throws IOException {
        Response read = Operator.request().get(path);
        assertThat(read.statusCode()).as(path).isEqualTo(200);
        return (ObjectNode) Samples.JSON.readTree(read.asString());
    }
}
