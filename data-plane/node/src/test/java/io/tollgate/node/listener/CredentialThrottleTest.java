package io.tollgate.node.listener;

import static io.tollgate.node.fixture.Catalog.catalog;
import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.node.fixture.Catalog;
import io.tollgate.node.fixture.Gateway;
import io.tollgate.node.fixture.ManualClock;
import io.tollgate.node.fixture.RawClient;
import io.tollgate.node.fixture.RawUpstream;
import io.tollgate.proto.config.v1.CredentialThrottle;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Guessers are slowed down, and nobody else. */
class CredentialThrottleTest {
    private static final String HELLO = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
    private static final Pattern RETRY_AFTER = Pattern.compile("(?i)retry-after: (\\d+)\r\n");

    private final RawUpstream upstream = RawUpstream.answering(HELLO);
    private final SecureRandom random = new SecureRandom();
    private final Catalog catalog = catalog()
            .service("pets", upstream.port())
            .route("pets", "/pets", "pets")
            .plan("gold")
            .consumer("acme", "gold");

    private void throttle(int failures, int windowSeconds) {
        catalog.policy(
                "throttle",
                policy -> policy.setCredentialThrottle(
                        CredentialThrottle.newBuilder().setFailures(failures).setWindowSeconds(windowSeconds)));
    }

    private String guess() {
        return "X-Api-Key: " + ApiKey.issue(ApiKey.Environment.LIVE, random).text();
    }

    @Test
    void guesses_atFullSpeed_areRefusedWhileAGoodCallerOfTheSameAddressNeverIs() throws Exception {
        String good = "X-Api-Key: " + catalog.key("acme");
        throttle(50, 60);
        AtomicBoolean over = new AtomicBoolean();
        List<CompletableFuture<int[]>> guessers = new ArrayList<>();
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient caller = gateway.connect()) {
            for (int i = 0; i < 3; i++) {
                guessers.add(CompletableFuture.supplyAsync(() -> {
                    int[] told = new int[2];
                    try (RawClient guesser = gateway.connect()) {
                        while (!over.get()) {
                            String answer = guesser.get("/pets", guess());
                            told[answer.startsWith("HTTP/1.1 401 ") ? 0 : 1]++;
                            assertThat(answer).containsAnyOf("problem:key-unknown", "problem:too-many-bad-credentials");
                        }
                    }
                    return told;
                }));
            }
            for (int i = 0; i < 500; i++) {
                assertThat(caller.get("/pets", good)).startsWith("HTTP/1.1 200 ");
            }
            over.set(true);
            int judged = 0;
            int refused = 0;
            for (CompletableFuture<int[]> guesser : guessers) {
                int[] told = guesser.get();
                judged += told[0];
                refused += told[1];
            }
            // 50 at once, and one more each 1.2 s.
            assertThat(judged).isBetween(50, 150);
            assertThat(refused).isPositive();
        }
    }

    @Test
    void refusal_saysWhenToTryAgain_andThenJudges() {
        ManualClock clock = new ManualClock();
        throttle(2, 60);
        try (Gateway gateway = Gateway.serving(catalog, clock);
                RawClient client = gateway.connect()) {
            assertThat(client.get("/pets", "X-Api-Key: short")).contains("problem:key-malformed");
            assertThat(client.get("/pets", guess())).contains("problem:key-unknown");
            String refused = client.get("/pets", guess());
            assertThat(refused).startsWith("HTTP/1.1 429 ").contains("problem:too-many-bad-credentials");
            Matcher wait = RETRY_AFTER.matcher(refused);
            assertThat(wait.find()).isTrue();
            assertThat(Integer.parseInt(wait.group(1))).isEqualTo(30);
            clock.pass(30_000);
            assertThat(client.get("/pets", guess())).contains("problem:key-unknown");
            assertThat(client.get("/pets", guess())).startsWith("HTTP/1.1 429 ");
        }
    }

    @Test
    void refusal_ofAKeyThatWasGood_isNoGuess() {
        String revoked = "X-Api-Key: " + catalog.key("acme", key -> key.setRevoked(true));
        String expired = "X-Api-Key: " + catalog.key("acme", key -> key.setExpiresAtMillis(1));
        throttle(1, 60);
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 5; i++) {
                assertThat(client.get("/pets", revoked)).contains("problem:key-revoked");
                assertThat(client.get("/pets", expired)).contains("problem:key-expired");
                assertThat(client.get("/pets")).contains("problem:key-missing");
            }
        }
    }

    @Test
    void policy_ofZero_countsNothing() {
        throttle(0, 60);
        try (Gateway gateway = Gateway.serving(catalog);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 700; i++) {
                assertThat(client.get("/pets", "X-Api-Key: short")).contains("problem:key-malformed");
            }
        }
    }

    @Test
    void withoutAPolicy_theDefaultHolds() {
        ManualClock clock = new ManualClock();
        try (Gateway gateway = Gateway.serving(catalog, clock);
                RawClient client = gateway.connect()) {
            for (int i = 0; i < 600; i++) {
                assertThat(client.get("/pets", "X-Api-Key: short")).contains("problem:key-malformed");
            }
            assertThat(client.get("/pets", "X-Api-Key: short")).startsWith("HTTP/1.1 429 ");
        }
    }
}
