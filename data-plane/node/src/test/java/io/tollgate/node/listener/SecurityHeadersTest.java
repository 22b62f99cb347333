package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static io.tollgate.node.fixture.Catalog.id;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.AttachmentKind;
import io.tollgate.proto.config.v1.HeaderMode;
import io.tollgate.proto.config.v1.SecurityHeaders;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Fields that tell browsers to be careful. */
class SecurityHeadersTest {
    private static final String ANSWER = "HTTP/1.1 200 OK\r\n"
            + "X-Frame-Options: SAMEORIGIN\r\n"
            + "Referrer-Policy: origin\r\n"
            + "Content-Length: 5\r\n\r\n"
            + "hello";

    private final RawUpstream upstream = RawUpstream.answering(ANSWER);
    private final Catalog catalog =
            catalog().open().service("pets", upstream.port()).route("pets", "/pets", "pets");

    private void everywhere(HeaderMode mode) {
        catalog.policy(
                "careful",
                policy -> policy.setSecurityHeaders(SecurityHeaders.newBuilder()
                        .setMode(mode)
                        .setContentTypeOptions(true)
                        .setFrameOptions("DENY")
                        .setContentSecurityPolicy("default-src 'none'")
                        .setCrossOriginResourcePolicy("same-site")));
    }

    private static String get(RawClient client, String path) {
        return client.get(path).toLowerCase(Locale.ROOT);
    }

    @Test
    void set_replacesWhatTheServiceSaysAndLeavesTheRest() {
        everywhere(HeaderMode.HEADER_MODE_SET);
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(get(client, "/pets"))
                    .contains("x-frame-options: deny\r\n")
                    .contains("x-content-type-options: nosniff\r\n")
                    .contains("content-security-policy: default-src 'none'\r\n")
                    .contains("cross-origin-resource-policy: same-site\r\n")
                    .contains("referrer-policy: origin\r\n")
                    .doesNotContain("sameorigin")
                    .doesNotContain("permissions-policy");
            assertThat(get(client, "/nowhere"))
                    .startsWith("http/1.1 404 ")
                    .contains("x-frame-options: deny\r\n")
                    .contains("content-security-policy: default-src 'none'\r\n");
        }
    }

    @Test
    void setIfAbsent_leavesWhatTheServiceSays() {
        everywhere(HeaderMode.HEADER_MODE_SET_IF_ABSENT);
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(get(client, "/pets"))
                    .contains("x-frame-options: sameorigin\r\n")
                    .contains("x-content-type-options: nosniff\r\n")
                    .doesNotContain("deny");
        }
    }

    @Test
    void policyOfTheRoute_winsOverTheGlobalOne() {
        everywhere(HeaderMode.HEADER_MODE_SET);
        catalog.policy(
                "none",
                policy -> policy.setAttachment(Attachment.newBuilder()
                                .setKind(AttachmentKind.ATTACHMENT_KIND_ROUTE)
                                .setObjectId(id("route", "pets")))
                        .setSecurityHeaders(SecurityHeaders.newBuilder().setMode(HeaderMode.HEADER_MODE_SET)));
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            assertThat(get(client, "/pets"))
                    .contains("x-frame-options: sameorigin\r\n")
                    .doesNotContain("nosniff");
        }
    }
}
