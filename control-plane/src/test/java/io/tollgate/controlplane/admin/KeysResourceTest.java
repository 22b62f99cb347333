package io.tollgate.controlplane.admin;

import static io.tollgate.controlplane.admin.AdminClient.admin;
import static io.tollgate.controlplane.admin.AdminClient.consumer;
import static io.tollgate.controlplane.admin.AdminClient.created;
import static io.tollgate.controlplane.admin.AdminClient.etag;
import static io.tollgate.controlplane.admin.AdminClient.post;
import static io.tollgate.controlplane.admin.AdminClient.put;
import static io.tollgate.controlplane.admin.AdminClient.revision;
import static io.tollgate.controlplane.admin.AdminClient.unique;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import java.util.zip.CRC32;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class KeysResourceTest {
    private static final String BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    private static String keys() {
        String name = unique("holder");
        consumer(name);
        return "/v1/consumers/" + name + "/keys";
    }

    @Test
    void issued_key_isPrefixEnvironmentRandomBitsAndChecksum() {
        String keys = keys();
        Response live = created(keys, "{\"name\": \"one\"}");
        live.then().body("environment", equalTo("live")).body("expires_at", nullValue());
        Response test = created(keys, "{\"name\": \"two\", \"environment\": \"test\"}");
        assertThat(live.<String>path("secret")).matches("tg_live_[0-9A-Za-z]{49}");
        assertThat(test.<String>path("secret")).matches("tg_test_[0-9A-Za-z]{49}");
        for (Response issued : List.of(live, test)) {
            String secret = issued.path("secret");
            assertThat(issued.<String>path("prefix")).isEqualTo(secret.substring(0, 12));
            assertThat(number(secret.substring(8, 51)).bitLength()).isLessThanOrEqualTo(256);
            CRC32 checksum = new CRC32();
            checksum.update(secret.substring(0, 51).getBytes(StandardCharsets.US_ASCII));
            assertThat(number(secret.substring(51))).isEqualTo(BigInteger.valueOf(checksum.getValue()));
        }
    }

    /** That no bit of the 256 is always the same: 40 fair coins that all fall alike are one in 2^31 over all bits. */
    @Test
    void issued_keys_useAllTheirBits() {
        String keys = keys();
        BigInteger ever = BigInteger.ZERO;
        BigInteger always = BigInteger.ONE.shiftLeft(256).subtract(BigInteger.ONE);
        for (int i = 0; i < 40; i++) {
            String secret = created(keys, "{\"name\": \"n" + i + "\"}").path("secret");
            BigInteger bits = number(secret.substring(8, 51));
            ever = ever.or(bits);
            always = always.and(bits);
        }
        assertThat(ever.bitCount()).isEqualTo(256);
        assertThat(always).isEqualTo(BigInteger.ZERO);
    }

    private static BigInteger number(String base62) {
        BigInteger number = BigInteger.ZERO;
        for (char c : base62.toCharArray()) {
            number = number.multiply(BigInteger.valueOf(62)).add(BigInteger.valueOf(BASE62.indexOf(c)));
        }
        return number;
    }

    @Test
    void secret_isShownOnceAndKeptNowhere() throws GeneralSecurityException {
        String keys = keys();
        Response issued = admin().header("Idempotency-Key", unique("key"))
                .body("{\"name\": \"one\"}")
                .post(keys);
        String secret = issued.path("secret");
        issued.then().header("Location", endsWith(keys + "/one"));
        assertThat(admin().get(keys).asString()).contains("one").doesNotContain("secret");
        assertThat(admin().get(keys + "/one").asString()).doesNotContain("secret");
        admin().header("If-Match", etag(keys + "/one"))
                .body("{\"name\": \"uno\"}")
                .put(keys + "/one")
                .then()
                .statusCode(200)
                .body("secret", nullValue());
        admin().header("If-Match", etag(keys + "/uno"))
                .delete(keys + "/uno")
                .then()
                .statusCode(204);
        long revision = revision();
        assertThat(admin().get("/v1/revisions/" + revision).asString())
                .contains("revoke")
                .doesNotContain(secret);
        // The prefix is there to recognise a key by; what follows it must be nowhere.
        byte[] random = number(secret.substring(8, 51)).toByteArray();
        List<String> shapes = List.of(
                secret,
                secret.substring(12),
                hex(secret.getBytes(StandardCharsets.US_ASCII)),
                hex(secret.substring(12).getBytes(StandardCharsets.US_ASCII)),
                hex(random),
                Base64.getEncoder().withoutPadding().encodeToString(random));
        List<String> tables =
                Database.rows("select tablename from pg_tables where schemaname = 'public' order by tablename");
        assertThat(tables).contains("credential", "idempotency", "audit", "change_log", "revision");
        for (String table : tables) {
            for (String shape : shapes) {
                assertThat(Database.count(
                                "select count(*) from " + table + " t where t::text like ?", "%" + shape + "%"))
                        .as("rows of %s", table)
                        .isZero();
            }
        }
        // That the scan would see it: the digest, which is there, is found in the same way.
        Mac mac = Mac.getInstance("HmacSHA256");
        mac.init(new SecretKeySpec(
                HexFormat.of()
                        .parseHex(Database.rows("select encode(key_digest_secret, 'hex') from revision_counter")
                                .get(0)),
                "HmacSHA256"));
        String digest = hex(mac.doFinal(secret.getBytes(StandardCharsets.US_ASCII)));
        assertThat(Database.rows("select prefix from credential t where t::text like ?", "%" + digest + "%"))
                .containsExactly(secret.substring(0, 12));
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }

    @Test
    void key_isAddressedByNameOrId_withinItsConsumerOnly() {
        String keys = keys();
        String id = created(keys, "{\"name\": \"one\"}").path("id");
        String read =
                admin().get(keys + "/one").then().statusCode(200).extract().asString();
        assertThat(admin().get(keys + "/" + id).asString()).isEqualTo(read);
        String other = keys();
        admin().get(other + "/" + id).then().statusCode(404);
        admin().get(other + "/one").then().statusCode(404);
        admin().header("If-Match", "*").delete(other + "/" + id).then().statusCode(404);
        created(other, "{\"name\": \"one\"}");
        post(keys, "{\"name\": \"one\"}").then().statusCode(409);
        post("/v1/consumers/nobody/keys", "{\"name\": \"one\"}").then().statusCode(404);
    }

    @Test
    void list_pagesByName() {
        String keys = keys();
        for (String name : List.of("c", "a", "b")) {
            created(keys, "{\"name\": \"" + name + "\"}");
        }
        List<String> seen = new ArrayList<>();
        String cursor = null;
        do {
            Response page = admin().get(keys + "?limit=1" + (cursor == null ? "" : "&cursor=" + cursor));
            seen.add(page.path("items[0].name"));
            cursor = page.path("next_cursor");
        } while (cursor != null);
        assertThat(seen).containsExactly("a", "b", "c");
    }

    @Test
    void expiry_inThePast_isRefusedForANewKeyAndEndsAnOldOne() {
        String keys = keys();
        long before = revision();
        post(keys, "{\"name\": \"late\", \"expires_at\": \"2020-01-01T00:00:00Z\"}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/expires_at"))
                .body("errors[0].detail", containsString("expected: a moment to come"));
        assertThat(revision()).isEqualTo(before);
        created(keys, "{\"name\": \"late\", \"expires_at\": \"2999-01-01T01:00:00.123456+01:00\"}")
                .then()
                // Milliseconds are what nodes get.
                .body("expires_at", equalTo("2999-01-01T00:00:00.123Z"));
        admin().header("If-Match", etag(keys + "/late"))
                .body("{\"name\": \"late\", \"expires_at\": \"2020-01-01T00:00:00Z\"}")
                .put(keys + "/late")
                .then()
                .statusCode(200)
                .body("expires_at", equalTo("2020-01-01T00:00:00Z"));
        for (String bad : List.of("tomorrow", "2026-02-30T00:00:00Z", "2026-01-01", "1769817600")) {
            post(keys, "{\"name\": \"bad\", \"expires_at\": \"" + bad + "\"}")
                    .then()
                    .statusCode(422);
        }
    }

    @Test
    void put_changesNameAndExpiryOnly() {
        String keys = keys();
        String path = keys + "/one";
        put(path, "{\"name\": \"one\"}").then().statusCode(404);
        created(keys, "{\"name\": \"one\", \"environment\": \"test\"}");
        String tag = etag(path);
        long before = revision();
        put(path, "{\"name\": \"one\"}").then().statusCode(200).header("ETag", equalTo(tag));
        assertThat(revision()).isEqualTo(before);
        put(path, "{\"name\": \"uno\"}").then().statusCode(428);
        admin().header("If-Match", "\"0-0\"")
                .body("{\"name\": \"uno\"}")
                .put(path)
                .then()
                .statusCode(412);
        put(path, "{\"name\": \"one\", \"environment\": \"live\"}")
                .then()
                .statusCode(422)
                .body("errors.pointer", contains("/environment"));
        admin().header("If-Match", tag)
                .body("{\"name\": \"uno\"}")
                .put(path)
                .then()
                .statusCode(200);
        admin().get(keys + "/uno").then().body("environment", equalTo("test"));
    }

    @Test
    void revoked_key_staysListedAndRevoked() {
        String keys = keys();
        String path = keys + "/one";
        String id = created(keys, "{\"name\": \"one\"}").path("id");
        admin().delete(path).then().statusCode(428);
        admin().header("If-Match", etag(path)).delete(path).then().statusCode(204);
        Response read = admin().get(path);
        read.then().statusCode(200).body("revoked_at", notNullValue());
        long before = revision();
        assertThat(Database.rows(
                        "select action from audit where object_id = ? and outcome = 'done' order by id",
                        UUID.fromString(id)))
                .containsExactly("create", "revoke");
        admin().header("If-Match", read.header("ETag"))
                .delete(path)
                .then()
                .statusCode(204)
                .header("Tollgate-Revision", equalTo(Long.toString(before)));
        admin().header("If-Match", read.header("ETag"))
                .body("{\"name\": \"again\"}")
                .put(path)
                .then()
                .statusCode(409)
                .body("detail", containsString("revoked for ever"));
        assertThat(revision()).isEqualTo(before);
        assertThat(etag(path)).isEqualTo(read.header("ETag"));
    }

    @Test
    void terms_ofAKey_areStoredReadBackAndChanged() {
        String keys = keys();
        created(keys, """
                {"name": "one", "scopes": ["orders.read", "https://example.com/w"], "networks": ["192.0.2.0/24", "2001:db8::/32"]}""")
                .then()
                .body("scopes", contains("orders.read", "https://example.com/w"))
                .body("networks", contains("192.0.2.0/24", "2001:db8::/32"));
        String path = keys + "/one";
        admin().header("If-Match", etag(path))
                .body("{\"name\": \"one\", \"scopes\": [\"orders.read\"]}")
                .put(path)
                .then()
                .statusCode(200)
                .body("scopes", contains("orders.read"))
                .body("networks", equalTo(List.of()));
    }

    @Test
    void terms_thatCannotBe_areRefusedByName() {
        String keys = keys();
        long before = revision();
        post(keys, "{\"name\": \"bad\", \"scopes\": [\"two words\"]}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/scopes/0"));
        post(keys, "{\"name\": \"bad\", \"scopes\": [\"a\", \"a\"]}")
                .then()
                .statusCode(422)
                .body("errors[0].pointer", equalTo("/scopes/1"));
        post(keys, "{\"name\": \"bad\", \"networks\": [\"10.0.0.1/8\"]}")
                .then()
                .statusCode(422)
                .body("problems[0].pointer", equalTo("/networks/0"));
        assertThat(revision()).isEqualTo(before);
    }
}
