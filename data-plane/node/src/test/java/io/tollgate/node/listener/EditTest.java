package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.FieldEdit;
import io.tollgate.proto.config.v1.FieldEditAction;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.PathRewrite;
import io.tollgate.proto.config.v1.Route;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** What a route changes of a forwarded call, as both sides see it. */
class EditTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nServer: secret/1\r\nX-Old: 1\r\nX-Old: 2\r\nX-Keep: k\r\n"
            + "Content-Length: 2\r\n\r\nhi";

    private static Gateway gateway(RawUpstream upstream, UnaryOperator<Route.Builder> more) {
        return Gateway.serving(catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets", more));
    }

    private static FieldEdit edit(FieldEditAction action, String name, String value) {
        return FieldEdit.newBuilder()
                .setAction(action)
                .setName(name)
                .setValue(value)
                .build();
    }

    private static FieldEdit set(String name, String value) {
        return edit(FieldEditAction.FIELD_EDIT_ACTION_SET, name, value);
    }

    private static FieldEdit add(String name, String value) {
        return edit(FieldEditAction.FIELD_EDIT_ACTION_ADD, name, value);
    }

    private static FieldEdit append(String name, String value) {
        return edit(FieldEditAction.FIELD_EDIT_ACTION_APPEND, name, value);
    }

    private static FieldEdit remove(String name) {
        return edit(FieldEditAction.FIELD_EDIT_ACTION_REMOVE, name, "");
    }

    private static FieldEdit rename(String name, String newName) {
        return edit(FieldEditAction.FIELD_EDIT_ACTION_RENAME, name, newName);
    }

    @Test
    void request_everyVerb_isWhatTheUpstreamGets() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(
                        upstream,
                        route -> route.addRequestHeaderEdits(set("X-Set", "{request.method}"))
                                .addRequestHeaderEdits(add("X-Had", "no"))
                                .addRequestHeaderEdits(add("X-New", "{service.name}/{route.name}"))
                                .addRequestHeaderEdits(append("X-Had", "too"))
                                .addRequestHeaderEdits(remove("X-Gone"))
                                .addRequestHeaderEdits(rename("X-From", "X-To")));
                RawClient client = gateway.connect()) {
            client.get("/pets", "x-set: client", "X-Had: yes", "x-gone: 1", "X-From: f", "X-Other: o");

            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .contains("X-Set: GET\r\n", "X-Had: yes\r\n", "X-Had: too\r\n", "X-New: pets/pets\r\n")
                    .contains("X-To: f\r\n", "X-Other: o\r\n")
                    .doesNotContain("client", "X-Had: no", "x-gone", "X-From");
        }
    }

    @Test
    void response_everyVerb_isWhatTheClientGets() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(
                        upstream,
                        route -> route.addResponseHeaderEdits(remove("server"))
                                .addResponseHeaderEdits(rename("X-Old", "X-New"))
                                .addResponseHeaderEdits(add("X-Keep", "no"))
                                .addResponseHeaderEdits(set("X-Path", "{request.path}"))
                                .addResponseHeaderEdits(append("X-Keep", "more")));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets/7"))
                    .contains("X-New: 1\r\n", "X-New: 2\r\n", "X-Keep: k\r\n", "X-Keep: more\r\n")
                    .contains("X-Path: /pets/7\r\n", "Via: 1.1 tollgate\r\n")
                    .doesNotContain("secret", "X-Old", "X-Keep: no")
                    .endsWith("hi");
            // The gateway's own answers are not the upstream's.
            assertThat(client.get("/none")).startsWith("HTTP/1.1 404 ").doesNotContain("X-Path");
        }
    }

    @Test
    void query_everyVerb_isWhatTheUpstreamGets() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(
                        upstream,
                        route -> route.addQueryEdits(set("a", "x&y={request.query.b}"))
                                .addQueryEdits(rename("b", "b c"))
                                .addQueryEdits(add("flag", "no"))
                                .addQueryEdits(remove("gone"))
                                .addQueryEdits(append("n", "{request.method}")));
                RawClient client = gateway.connect()) {
            client.get("/pets?a=1&b=2%26z&flag&%67one=1&keep=%7e&a=3");
            client.get("/pets");

            assertThat(upstream.requests().get(0))
                    .startsWith("GET /pets?b%20c=2%26z&flag&keep=%7e&a=x%26y%3D2%26z&n=GET HTTP/1.1\r\n");
            assertThat(upstream.requests().get(1)).startsWith("GET /pets?a=x%26y%3D&flag=no&n=GET HTTP/1.1\r\n");
        }
    }

    @Test
    void request_lineBreakInAValue_addsNothingAndStillReplaces() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(
                        upstream,
                        route -> route.addRequestHeaderEdits(set("X-T", "{request.query.t}"))
                                .addResponseHeaderEdits(set("X-T", "{request.query.t}")));
                RawClient client = gateway.connect()) {
            for (String bad : new String[] {"a%0D%0AX-Evil:1", "a%0Ab", "a%01b", "a%0d%0a%0d%0aGET%20/", "%7F"}) {
                assertThat(client.get("/pets?t=" + bad, "X-T: spoofed"))
                        .startsWith("HTTP/1.1 200 ")
                        .doesNotContain("Evil", "X-T");
            }
            assertThat(upstream.requests())
                    .hasSize(5)
                    .allSatisfy(request -> assertThat(request).doesNotContain("\r\nX-Evil", "X-T:", "spoofed"));
        }
    }

    @Test
    void request_keyAndIdentity_cannotBeCarriedOnOrClaimed() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER)) {
            Catalog catalog = catalog()
                    .service("pets", upstream.port())
                    .route(
                            "pets",
                            "/pets",
                            "pets",
                            route -> route.addRequestHeaderEdits(set(
                                            "X-Copy",
                                            "h={request.header.X-Api-Key} q={request.query.api_key} {request.query}"))
                                    .addRequestHeaderEdits(rename("X-Api-Key", "X-Stolen"))
                                    .addRequestHeaderEdits(set("X-Consumer-Id", "boss"))
                                    .addRequestHeaderEdits(rename("X-Claim", "X-Consumer-Name"))
                                    .addRequestHeaderEdits(set("X-Claimed", "{request.header.X-Consumer-Groups}."))
                                    .addRequestHeaderEdits(set("X-Who", "{consumer.name}"))
                                    .addResponseHeaderEdits(set("X-Echo", "{request.header.X-Api-Key}."))
                                    .addQueryEdits(set("copy", "{request.query.api_key}.")))
                    .plan("gold")
                    .consumer("acme", "gold");
            String key = catalog.key("acme");
            try (Gateway gateway = Gateway.serving(catalog);
                    RawClient client = gateway.connect()) {
                String answer = client.get(
                        "/pets?a=1&api_key=" + key, "X-Api-Key: " + key, "X-Claim: boss", "X-Consumer-Groups: admins");

                assertThat(answer).startsWith("HTTP/1.1 200 ").contains("X-Echo: .\r\n");
                assertThat(upstream.requests())
                        .singleElement()
                        .asString()
                        .startsWith("GET /pets?a=1&copy=. HTTP/1.1\r\n")
                        .contains("X-Copy: h= q= a=1\r\n", "X-Consumer-Name: acme\r\n", "X-Who: acme\r\n")
                        .contains("X-Consumer-Id: " + Catalog.id("consumer", "acme") + "\r\n", "X-Claimed: .\r\n")
                        .doesNotContain(key, "X-Stolen", "boss", "admins");
            }
        }
    }

    @Test
    void path_templates_makeOneUnambiguousTarget() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(
                        upstream,
                        route -> route.clearPaths()
                                .addPaths(PathMatch.newBuilder()
                                        .setKind(PathMatchKind.PATH_MATCH_KIND_TEMPLATE)
                                        .setValue("/pets/{id}"))
                                .setRewrite(PathRewrite.newBuilder().setReplaceFull("/v2/{request.query.dir}/{id}"))
                                .setHostRewrite("{request.header.X-Tenant}.internal"));
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets/a%20b?dir=x%20y", "X-Tenant: acme")).startsWith("HTTP/1.1 200 ");
            for (String bad : new String[] {"..", "%2E", "a%2Fb", "", "a%5C"}) {
                assertThat(client.get("/pets/7?dir=" + bad, "X-Tenant: acme")).startsWith("HTTP/1.1 400 ");
            }
            assertThat(client.get("/pets/7?dir=x", "X-Tenant: a/b")).startsWith("HTTP/1.1 400 ");
            assertThat(client.get("/pets/7?dir=x", "X-Tenant: a b")).startsWith("HTTP/1.1 400 ");

            assertThat(upstream.requests())
                    .singleElement()
                    .asString()
                    .startsWith("GET /v2/x%20y/a%20b?dir=x%20y HTTP/1.1\r\n")
                    .contains("Host: acme.internal\r\n");
        }
    }
}
