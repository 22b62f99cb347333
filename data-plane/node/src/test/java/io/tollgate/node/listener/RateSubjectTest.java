package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.RateLimitPart;
import io.tollgate.proto.config.v1.RateWindow;
import java.util.List;
import org.junit.jupiter.api.Test;

/** By what rate-limit policies count. */
class RateSubjectTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .route("toys", "/toys", "pets")
            .plan("gold")
            .consumer("acme", "gold")
            .consumer("other", "gold");

    /** One call each minute. */
    private void limit(List<RateLimitPart> by, String... headers) {
        catalog.policy("limit", policy -> {
            policy.setAttachment(Attachment.newBuilder().setKind(AttachmentKind.ATTACHMENT_KIND_GLOBAL))
                    .getRateLimitBuilder()
                    .addWindows(RateWindow.newBuilder()
                            .setRequests(1)
                            .setWindowSeconds(60)
                            .setBurst(1))
                    .addAllBy(by)
                    .addAllHeaders(List.of(headers));
            return policy;
        });
    }

    private static String status(String answer) {
        return answer.substring("HTTP/1.1 ".length(), "HTTP/1.1 200".length());
    }

    @Test
    void byConsumer_allRoutesAndKeysOfItShareTheCount() {
        String one = "X-Api-Key: " + catalog.key("acme");
        String two = "X-Api-Key: " + catalog.key("acme");
        String other = "X-Api-Key: " + catalog.key("other");
        limit(List.of());
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(status(client.get("/pets", one))).isEqualTo("200");
            assertThat(client.get("/toys", two)).startsWith("HTTP/1.1 429").contains("RateLimit: \"limit\";r=0;t=60");
            assertThat(status(client.get("/pets", other))).isEqualTo("200");
        }
    }

    @Test
    void byCredentialAndRoute_eachKeyHasACountOnEachRoute() {
        String one = "X-Api-Key: " + catalog.key("acme");
        String two = "X-Api-Key: " + catalog.key("acme");
        limit(List.of(RateLimitPart.RATE_LIMIT_PART_CREDENTIAL, RateLimitPart.RATE_LIMIT_PART_ROUTE));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(status(client.get("/pets", one))).isEqualTo("200");
            assertThat(status(client.get("/pets", two))).isEqualTo("200");
            assertThat(status(client.get("/toys", one))).isEqualTo("200");
            assertThat(status(client.get("/pets", one))).isEqualTo("429");
            // Another rule of the same owner and length starts anew where its subjects are others.
            limit(List.of(RateLimitPart.RATE_LIMIT_PART_PLAN));
            gateway.serve(catalog);
            assertThat(status(client.get("/pets", one))).isEqualTo("200");
            assertThat(status(client.get("/toys", two))).isEqualTo("429");
        }
    }

    @Test
    void byConsumerAndHeader_eachTenantOfAConsumerHasACount() {
        String one = "X-Api-Key: " + catalog.key("acme");
        String other = "X-Api-Key: " + catalog.key("other");
        limit(List.of(RateLimitPart.RATE_LIMIT_PART_CONSUMER, RateLimitPart.RATE_LIMIT_PART_HEADER), "X-Tenant");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(status(client.get("/pets", one, "x-tenant: a"))).isEqualTo("200");
            assertThat(status(client.get("/pets", one, "X-Tenant: a"))).isEqualTo("429");
            assertThat(status(client.get("/pets", one, "X-Tenant: b"))).isEqualTo("200");
            assertThat(status(client.get("/pets", one))).isEqualTo("200");
            assertThat(status(client.get("/pets", one, "X-Tenant:")))
                    .as("as an absent one")
                    .isEqualTo("429");
            assertThat(status(client.get("/pets", other, "X-Tenant: a"))).isEqualTo("200");
        }
    }

    @Test
    void byAddress_allCallersOfItShareTheCount() {
        String one = "X-Api-Key: " + catalog.key("acme");
        String other = "X-Api-Key: " + catalog.key("other");
        limit(List.of(RateLimitPart.RATE_LIMIT_PART_ADDRESS));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(status(client.get("/pets", one))).isEqualTo("200");
            assertThat(status(client.get("/pets", other))).isEqualTo("429");
        }
    }
}
