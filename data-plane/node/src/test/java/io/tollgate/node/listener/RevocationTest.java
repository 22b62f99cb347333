package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import org.junit.jupiter.api.Test;

/** What is taken back before the configuration that says so is there. */
class RevocationTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .plan("gold")
            .consumer("acme", "gold")
            .consumer("beta", "gold");

    @Test
    void revoke_key_holdsUntilItsRevisionIsServed() {
        String taken = catalog.key("acme");
        String other = catalog.key("acme");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            gateway.revoke(3, Catalog.id("credential", taken));
            assertThat(client.get("/pets", "X-Api-Key: " + taken)).contains("problem:key-revoked");
            assertThat(client.get("/pets", "X-Api-Key: " + other)).startsWith("HTTP/1.1 200 ");
            // Revision 2, which was made before.
            gateway.serve(catalog);
            assertThat(client.get("/pets", "X-Api-Key: " + taken)).contains("problem:key-revoked");
            // From revision 3 on the configuration says who gets through: this one does not say that the key was taken
            // back.
            gateway.serve(catalog);
            assertThat(client.get("/pets", "X-Api-Key: " + taken)).startsWith("HTTP/1.1 200 ");
            gateway.revoke(2, Catalog.id("credential", taken));
            assertThat(client.get("/pets", "X-Api-Key: " + taken))
                    .as("told too late")
                    .startsWith("HTTP/1.1 200 ");
        }
    }

    @Test
    void revoke_consumer_isAllOfItsKeys() {
        String one = catalog.key("acme");
        String two = catalog.key("beta");
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            gateway.revoke(2, Catalog.id("consumer", "acme"));
            assertThat(client.get("/pets", "X-Api-Key: " + one)).contains("problem:consumer-disabled");
            assertThat(client.get("/pets", "X-Api-Key: " + two)).startsWith("HTTP/1.1 200 ");
        }
    }
}
