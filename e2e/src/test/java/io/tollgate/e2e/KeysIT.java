package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.admin.client.model.Key;
import io.tollgate.admin.client.model.KeyImport;
import io.tollgate.admin.client.model.KeyRotation;
import io.tollgate.e2e.harness.Admin;
import io.tollgate.e2e.harness.Await;
import io.tollgate.e2e.harness.Caller;
import io.tollgate.e2e.harness.Cluster;
import io.tollgate.e2e.harness.JsonAdmin;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The life of API keys over the processes of a house. */
class KeysIT {
    private static final Pattern LIFE = Pattern.compile("(?s)### A whole life\n```sh\n[^\n]*\n(.*?)```");

    private static Cluster cluster;
    private static Admin admin;
    private static JsonAdmin json;

    @BeforeAll
    static void start() throws Exception {
        cluster = Cluster.start("keys", 1);
        admin = cluster.admin();
        json = new JsonAdmin(cluster.controlPlane());
        admin.plan("open");
        admin.service("pets", cluster.upstream().port());
        admin.route("pets", "pets", "/");
    }

    @AfterAll
    static void stop() {
        cluster.close();
    }

    private static Caller caller() {
        return new Caller(cluster.node(1).proxyPort());
    }

    @Test
    void rotation_isFollowedByNodeAndLedger() throws Exception {
        String old = admin.subscriber("rotating", "open");
        Key before = admin.keys().getKey("rotating", "first");
        Key next =
                admin.keys().rotateKey("rotating", "first", new KeyRotation().overlapSeconds(3_600), null, Admin.WAIT);
        try (Caller caller = caller()) {
            Caller.Reply reply = caller.get("/pets", old);
            assertThat(reply.status()).isEqualTo(200);
            Key replaced = admin.keys().getKey("rotating", String.valueOf(before.getId()));
            assertThat(reply.header("Deprecation"))
                    .isEqualTo("@" + replaced.getDeprecatedAt().toEpochSecond());
            assertThat(reply.header("Sunset")).endsWith(" GMT");
            reply = caller.get("/pets", next.getSecret());
            assertThat(reply.status()).isEqualTo(200);
            assertThat(reply.header("Deprecation")).isEmpty();
        }
        Instant startMinute = Instant.now().minus(Duration.ofMinutes(2));
        Await.untilAsserted(Duration.ofSeconds(30), () -> {
            for (Key key : admin.keys().listKeys("rotating", null, null).getItems()) {
                assertThat(key.getName()).isEqualTo("first");
                assertThat(key.getLastUsedAt()).as("of %s", key.getId()).isNotNull();
                assertThat(key.getLastUsedAt().toInstant()).isAfter(startMinute);
                assertThat(key.getLastUsedAt().getSecond()).isZero();
            }
        });
        admin.keys().rotateKey("rotating", "first", new KeyRotation().overlapSeconds(0), null, Admin.WAIT);
        try (Caller caller = caller()) {
            assertThat(caller.get("/pets", next.getSecret()).text()).contains("problem:key-expired");
            assertThat(caller.get("/pets", old).status())
                    .as("each keeps its own end")
                    .isEqualTo(200);
        }
    }

    @Test
    void importedKey_worksWhereThePolicyTakesIt() throws Exception {
        admin.subscriber("moving", "open");
        String secret = "9b1c07be254d8895aa0c6f1e7b42d0f3";
        json.put("/v1/routes/legacy", """
                {"name": "legacy", "service": "pets", "paths": [{"type": "prefix", "value": "/legacy"}],
                 "rewrite": {"replace_prefix": "/"}}""");
        json.put("/v1/policies/legacy", """
                {"name": "legacy", "type": "key-auth", "attachment": {"route": "legacy"},
                 "key_auth": {"foreign_keys": true, "environments": ["live"]}}""");
        admin.keys().importKey("moving", new KeyImport().name("legacy").secret(secret), null, Admin.WAIT);
        try (Caller caller = caller()) {
            assertThat(caller.get("/legacy/pets", secret).status()).isEqualTo(200);
            assertThat(caller.get("/pets", secret).text()).contains("problem:key-malformed");
            assertThat(caller.get("/legacy/pets", secret + "x").text()).contains("problem:key-unknown");
        }
    }

    @Test
    void guesses_areThrottledByPolicy_andGoodKeysPass() throws Exception {
        String good = admin.subscriber("careful", "open");
        json.put("/v1/policies/guessing", """
                {"name": "guessing", "type": "credential-throttle",
                 "credential_throttle": {"failures": 5, "window_seconds": 3600}}""");
        try (Caller caller = caller()) {
            int refused = 0;
            for (int i = 0; i < 20; i++) {
                Caller.Reply guess = caller.get("/pets", "nonsense");
                refused += guess.status() == 429 ? 1 : 0;
                assertThat(caller.get("/pets", good).status()).isEqualTo(200);
            }
            assertThat(refused).isBetween(14, 20);
        }
        assertThat(json.delete("/v1/policies/guessing").statusCode()).isEqualTo(204);
        // A source that was full stays so under the next bound, until that lets one more in.
        Await.untilAsserted(Duration.ofSeconds(10), () -> {
            try (Caller caller = caller()) {
                assertThat(caller.get("/pets", "nonsense").text()).contains("problem:key-malformed");
            }
        });
    }

    @Test
    void documentedLife_runsAsItIsWritten() throws Exception {
        admin.subscriber("acme", "open");
        Matcher life = LIFE.matcher(Files.readString(Path.of("..", "docs", "authentication.md")));
        assertThat(life.find()).isTrue();
        String script = "set -eu -o pipefail\nadmin=http://127.0.0.1:%d proxy=http://127.0.0.1:%d token=$(cat '%s')\n%s"
                .formatted(
                        cluster.controlPlane().adminPort(),
                        cluster.node(1).proxyPort(),
                        cluster.controlPlane().home().resolve("admin-token"),
                        life.group(1));
        Path output = cluster.directory().resolve("life.txt");
        Process shell = new ProcessBuilder("bash", "-c", script)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertThat(shell.waitFor(120, TimeUnit.SECONDS)).isTrue();
        String said = Files.readString(output, StandardCharsets.UTF_8);
        assertThat(shell.exitValue()).as(said).isZero();
        assertThat(said).containsPattern("(?i)HTTP/1.1 200 OK[^{]*deprecation: @\\d+\r\n[^{]*sunset: ");
        assertThat(said.split("HTTP/1.1 200 OK", -1)).as(said).hasSize(5);
        assertThat(said.split("problem:key-revoked", -1)).as(said).hasSize(2);
        assertThat(json.delete("/v1/policies/keys").statusCode()).isEqualTo(204);
    }
}
