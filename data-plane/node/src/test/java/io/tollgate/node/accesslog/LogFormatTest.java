package io.tollgate.node.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.tls.AlternativeNames;
import io.tollgate.engine.tls.PeerCertificate;
import io.tollgate.node.exchange.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LogFormatTest {
    private static final Redaction TOLD = new Redaction(false, Set.of());

    private static final PeerCertificate CERTIFICATE = new PeerCertificate(
            "CN=partner,O=Acme\\, Inc.",
            new AlternativeNames(List.of(), List.of(), List.of(), List.of()),
            "1",
            "CN=authority",
            "00ff",
            Instant.EPOCH,
            List.of());

    private static AccessLine line(String path, String query, String consumer, double share, String... headers) {
        return new AccessLine(
                1_767_225_600_123L,
                "1001",
                "0af7651916cd43dd8448eb211c80319c",
                "192.0.2.77",
                "GET",
                "api.example.com",
                path,
                query,
                "HTTP/1.1",
                "pets",
                "petstore",
                consumer,
                "c1",
                "login",
                "00112233aabbccdd",
                "gold",
                CERTIFICATE,
                200,
                "ok",
                3,
                42,
                1_500,
                100,
                "10.0.0.1:8000",
                1_200,
                1_400,
                headers,
                share);
    }

    private static String text(LogFormat format, AccessLine line) {
        StringBuilder out = new StringBuilder();
        format.append(line, out);
        return out.toString();
    }

    @Test
    void json_everyField_isToldUnderItsWordInTheChosenOrder() {
        assertThat(text(
                        new JsonFormat(List.of(LogField.values()), List.of(), TOLD),
                        line("/pets", "a=b", "acme", 0.25)))
                .isEqualTo("{\"time\":\"2026-01-01T00:00:00.123Z\",\"request_id\":\"1001\","
                        + "\"trace_id\":\"0af7651916cd43dd8448eb211c80319c\",\"client\":\"192.0.2.77\","
                        + "\"method\":\"GET\",\"host\":\"api.example.com\",\"path\":\"/pets\",\"query\":\"a=b\","
                        + "\"protocol\":\"HTTP/1.1\",\"route\":\"pets\",\"service\":\"petstore\","
                        + "\"consumer\":\"acme\",\"credential_id\":\"c1\",\"token_issuer\":\"login\",\"token_subject\":\"00112233aabbccdd\",\"plan\":\"gold\","
                        + "\"client_certificate_subject\":\"CN=partner,O=Acme\\\\, Inc.\","
                        + "\"client_certificate_fingerprint\":\"00ff\",\"status\":200,"
                        + "\"outcome\":\"ok\",\"bytes_in\":3,\"bytes_out\":42,\"duration_micros\":1500,"
                        + "\"gateway_micros\":100,\"upstream\":\"10.0.0.1:8000\",\"upstream_micros\":1200,"
                        + "\"upstream_total_micros\":1400,\"share\":0.25}\n");
        assertThat(text(
                        new JsonFormat(List.of(LogField.STATUS, LogField.METHOD), List.of("x-a", "x-b"), TOLD),
                        line("/pets", "", "acme", 1, "one \"two\"\n", "")))
                .isEqualTo("{\"status\":200,\"method\":\"GET\",\"header.x-a\":\"one \\\"two\\\"\\n\"}\n");
    }

    @Test
    void common_hostileText_staysOnItsLineAndInItsPlace() {
        NcsaFormat format = new NcsaFormat(false, TOLD);

        assertThat(text(format, line("/pets", "a=b", "acme inc", 1)))
                .isEqualTo("192.0.2.77 - acme_inc [01/Jan/2026:00:00:00 +0000] \"GET /pets?a=b HTTP/1.1\" 200 42\n");
        assertThat(text(format, line("/p\" 200\n\\\u00e9", "", "", 1)))
                .isEqualTo("192.0.2.77 - - [01/Jan/2026:00:00:00 +0000] \"GET /p\\x22 200\\x0a\\x5c\\xe9 HTTP/1.1\""
                        + " 200 42\n");
    }

    @Test
    void combined_addsRefererAndUserAgent() {
        assertThat(text(new NcsaFormat(true, TOLD), line("/pets", "", "acme", 1, "", "curl/8 \"x\"")))
                .isEqualTo("192.0.2.77 - acme [01/Jan/2026:00:00:00 +0000] \"GET /pets HTTP/1.1\" 200 42"
                        + " \"-\" \"curl/8 \\x22x\\x22\"\n");
    }

    @Test
    void redaction_masksValuesOfParametersHoweverTheirNamesAreWritten() {
        Redaction redaction = new Redaction(false, Set.of("api_key"));

        assertThat(redaction.query("a=1&api_key=s3&API%5Fkey=s3&api_key&b=%zz&&api_key=s3"))
                .isEqualTo("a=1&api_key=***&API%5Fkey=***&api_key&b=%zz&&api_key=***");
    }

    @Test
    void redaction_truncatesAddressesToTheirNetwork() {
        Redaction redaction = new Redaction(true, Set.of());

        assertThat(redaction.address("192.0.2.77")).isEqualTo("192.0.2.0");
        assertThat(redaction.address("2001:db8:1:2:3:4:5:6")).isEqualTo("2001:db8:1::");
        assertThat(redaction.address("")).isEmpty();
        assertThat(TOLD.address("192.0.2.77")).isEqualTo("192.0.2.77");
    }

    @Test
    void sample_firstRuleThatFits_saysTheShare() {
        SampleRules rules = SampleRules.parse("errors=1, refused=.1,slow>500ms=0.5,slow>2s=0,default=0.01");

        assertThat(rules.share(503, Outcome.OK, 0)).isEqualTo(1);
        assertThat(rules.share(0, Outcome.UPSTREAM_RESET, 0)).isEqualTo(1);
        assertThat(rules.share(429, Outcome.RATE_LIMITED, 0)).isEqualTo(0.1);
        assertThat(rules.share(404, Outcome.OK, 600_000_000)).isEqualTo(0.5);
        assertThat(rules.share(200, Outcome.OK, 3_000_000_000L))
                .as("the first one")
                .isEqualTo(0.5);
        assertThat(rules.share(200, Outcome.OK, 500_000_000)).isEqualTo(0.01);
        assertThat(rules.share(0, Outcome.CLIENT_GONE, 0)).isEqualTo(0.01);
        assertThat(SampleRules.ALL.share(200, Outcome.OK, 0)).isEqualTo(1);
    }
}
