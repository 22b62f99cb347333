package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.exchange.RequestIdRules;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.FieldEdit;
import io.tollgate.proto.config.v1.FieldEditAction;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who names a request, and who is told. */
class RequestIdTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\nX-Request-Id: theirs\r\nContent-Length: 2\r\n\r\nhi";

    private static Gateway gateway(RawUpstream upstream, RequestIdRules rules) {
        return Gateway.serving(catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets"), rules);
    }

    private static RequestIdRules rules(String from, String to) {
        return RequestIdRules.parse(from, to);
    }

    private static List<String> ids(String message) {
        List<String> ids = new ArrayList<>();
        for (String line : message.lines().toList()) {
            if (line.toLowerCase(Locale.ROOT).startsWith("x-request-id: ")) {
                ids.add(line.substring("x-request-id: ".length()));
            }
        }
        return ids;
    }

    @Test
    void upstream_usualRules_getsTheIdOfTheLogAndNotTheClients() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(upstream, RequestIdRules.USUAL);
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets", "X-Request-Id: mine", "x-request-ID: mine-too");
            client.get("/pets");

            List<String> first = ids(upstream.requests().get(0));
            List<String> second = ids(upstream.requests().get(1));
            assertThat(first).hasSize(1).doesNotContain("mine", "mine-too").isNotEqualTo(second);
            assertThat(ids(answer)).as("the upstream's own field passes").containsExactly("theirs");
            assertThat(gateway.logged())
                    .contains("\"request_id\":\"" + first.get(0) + "\"", "\"request_id\":\"" + second.get(0) + "\"");
        }
    }

    @Test
    void client_whoIsTold_getsTheIdInPlaceOfTheUpstreams() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(upstream, rules("nobody", "upstream, client"));
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets");

            assertThat(ids(answer)).hasSize(1).isEqualTo(ids(upstream.requests().get(0)));
        }
    }

    @Test
    void nobody_isTold_andTheFieldsPassAsTheyCame() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(upstream, rules("nobody", "nobody"));
                RawClient client = gateway.connect()) {
            String answer = client.get("/pets", "X-Request-Id: mine");

            assertThat(ids(upstream.requests().get(0))).containsExactly("mine");
            assertThat(ids(answer)).containsExactly("theirs");
        }
    }

    @Test
    void clientsId_keptFromAnyone_isTheIdEverywhere() throws Exception {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(upstream, rules("anyone", "upstream,client"));
                RawClient client = gateway.connect()) {
            String id = "Root=1-67891233-abcdef012345678912345678";
            String answer = client.get("/pets", "X-Request-Id: " + id);
            String problem = client.get("/nowhere", "X-Request-Id: " + id + "2");

            assertThat(ids(upstream.requests().get(0))).containsExactly(id);
            assertThat(ids(answer)).containsExactly(id);
            assertThat(problem).contains("\"instance\":\"urn:tollgate:request:" + id + "2\"");
            assertThat(ids(problem)).containsExactly(id + "2");
            assertThat(gateway.logged()).contains("\"request_id\":\"" + id + "\"");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "two words", "a\"b", "a,b", "<b>", "a\\nb"})
    void clientsId_thatIsNone_isReplaced(String said) {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = gateway(upstream, rules("anyone", "upstream"));
                RawClient client = gateway.connect()) {
            client.get("/pets", "X-Request-Id: " + said);
            client.get("/pets", "X-Request-Id: " + "x".repeat(129));
            client.get("/pets", "X-Request-Id: one", "X-Request-Id: two");
            client.get("/pets", "X-Request-Id: " + "x".repeat(128));

            assertThat(upstream.requests().subList(0, 3))
                    .allSatisfy(request ->
                            assertThat(ids(request)).singleElement().asString().matches("[0-9a-f]{1,16}"));
            assertThat(ids(upstream.requests().get(3))).containsExactly("x".repeat(128));
        }
    }

    @Test
    void edits_ofTheField_doNotReachIt() {
        try (RawUpstream upstream = RawUpstream.answering(ANSWER);
                Gateway gateway = Gateway.serving(catalog()
                        .open()
                        .service("pets", upstream.port())
                        .route(
                                "pets",
                                "/pets",
                                "pets",
                                route -> route.addRequestHeaderEdits(edit("X-Request-Id", "edited"))
                                        .addRequestHeaderEdits(edit("X-Correlation-Id", "{request.id}"))));
                RawClient client = gateway.connect()) {
            client.get("/pets");

            String id = ids(upstream.requests().get(0)).get(0);
            assertThat(ids(upstream.requests().get(0))).hasSize(1).doesNotContain("edited");
            assertThat(upstream.requests().get(0)).contains("X-Correlation-Id: " + id + "\r\n");
        }
    }

    private static FieldEdit edit(String name, String value) {
        return FieldEdit.newBuilder()
                .setAction(FieldEditAction.FIELD_EDIT_ACTION_SET)
                .setName(name)
                .setValue(value)
                .build();
    }
}
