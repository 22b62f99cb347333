package io.tollgate.node.accesslog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LogSettingsTest {
    private static LogSettings parse(String where, Map<String, String> values) {
        return LogSettings.parse(where, key -> values.getOrDefault(key, ""));
    }

    @Test
    void parse_fileOnly_givesTheDefaults() {
        LogSettings settings = parse("/var/log/a.log", Map.of());

        assertThat(settings.destination())
                .isEqualTo(new LogDestination.LogFile(Path.of("/var/log/a.log"), 104_857_600, 5));
        assertThat(settings.form()).isEqualTo(LogSettings.Form.JSON);
        assertThat(settings.fields()).isEqualTo(LogField.USUAL);
        assertThat(settings.headers()).isEmpty();
        assertThat(settings.tellsQuery()).isFalse();
        assertThat(settings.redaction().truncatesAddresses()).isFalse();
        assertThat(settings.redaction().maskedParameters()).contains("api_key", "access_token", "password");
        assertThat(settings.sample()).isEqualTo(SampleRules.ALL);
    }

    @Test
    void parse_everyKey_isTaken() {
        Map<String, String> values = new HashMap<>();
        values.put("TOLLGATE_ACCESS_LOG_FORMAT", "json");
        values.put("TOLLGATE_ACCESS_LOG_FIELDS", "status, query,header.User-Agent");
        values.put("TOLLGATE_ACCESS_LOG_QUERY", "on");
        values.put("TOLLGATE_ACCESS_LOG_MASK", "Ssn,card");
        values.put("TOLLGATE_ACCESS_LOG_ADDRESS", "truncated");
        values.put("TOLLGATE_ACCESS_LOG_SAMPLE", "default=0.5");
        values.put("TOLLGATE_ACCESS_LOG_FILE_BYTES_MAX", "7");
        values.put("TOLLGATE_ACCESS_LOG_FILES_MAX", "2");

        LogSettings settings = parse("a.log", values);

        assertThat(settings.destination()).isEqualTo(new LogDestination.LogFile(Path.of("a.log"), 7, 2));
        assertThat(settings.fields()).containsExactly(LogField.STATUS, LogField.QUERY);
        assertThat(settings.headers()).containsExactly("user-agent");
        assertThat(settings.tellsQuery()).isTrue();
        assertThat(settings.redaction()).isEqualTo(new Redaction(true, Set.of("ssn", "card")));
        assertThat(settings.sample()).isEqualTo(SampleRules.parse("default=0.5"));
    }

    @Test
    void parse_destinations_areToldApart() {
        assertThat(parse("stdout", Map.of()).destination()).isEqualTo(new LogDestination.StandardOutput());
        assertThat(parse("syslog+udp://log.example:514", Map.of()).destination())
                .isEqualTo(new LogDestination.Syslog(true, "log.example", 514));
        assertThat(parse("syslog+tcp://[2001:db8::1]:601", Map.of()).destination())
                .isEqualTo(new LogDestination.Syslog(false, "2001:db8::1", 601));
    }

    @Test
    void parse_combined_hasItsTwoHeaders() {
        LogSettings settings = parse("stdout", Map.of("TOLLGATE_ACCESS_LOG_FORMAT", "combined"));

        assertThat(settings.form()).isEqualTo(LogSettings.Form.COMBINED);
        assertThat(settings.headers()).isEqualTo(List.of("referer", "user-agent"));
    }

    @ParameterizedTest
    @CsvSource({
        "TOLLGATE_ACCESS_LOG_FORMAT, xml, 'json, common or combined'",
        "TOLLGATE_ACCESS_LOG_FIELDS, statsu, nearest: status",
        "TOLLGATE_ACCESS_LOG_FIELDS, header.Authorization, that holds no secret",
        "TOLLGATE_ACCESS_LOG_FIELDS, header.a b, the name of a header field",
        "TOLLGATE_ACCESS_LOG_FIELDS, 'status,query', TOLLGATE_ACCESS_LOG_QUERY=on",
        "TOLLGATE_ACCESS_LOG_QUERY, yes, off or on",
        "TOLLGATE_ACCESS_LOG_ADDRESS, none, full or truncated",
        "TOLLGATE_ACCESS_LOG_SAMPLE, 'errors=1,default=2', 'default=2 (expected: errors, refused, slow>500ms'",
        "TOLLGATE_ACCESS_LOG_SAMPLE, slow>1m=1, expected: errors",
        "TOLLGATE_ACCESS_LOG_FILE_BYTES_MAX, -1, 0 or more",
        "TOLLGATE_ACCESS_LOG_FILES_MAX, many, 0 to 1000"
    })
    void parse_badValue_namesTheKeyAndWhatWasExpected(String key, String value, String expected) {
        assertThatThrownBy(() -> parse("a.log", Map.of(key, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(key)
                .hasMessageContaining(expected);
    }

    @Test
    void parse_badSyslogOrFieldsOfNcsa_isRefused() {
        assertThatThrownBy(() -> parse("syslog://h:1", Map.of())).hasMessageContaining("syslog+udp://HOST:PORT");
        assertThatThrownBy(() -> parse("syslog+tcp://h:65536", Map.of()))
                .hasMessageContaining("syslog+tcp://HOST:PORT");
        assertThatThrownBy(() -> parse(
                        "stdout",
                        Map.of("TOLLGATE_ACCESS_LOG_FORMAT", "common", "TOLLGATE_ACCESS_LOG_FIELDS", "status")))
                .hasMessageContaining("for the format json");
    }
}
