package io.tollgate.node.exchange;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GrpcCallTest {
    @ParameterizedTest
    @CsvSource({
        "1H, 3600000000000",
        "2M, 120000000000",
        "3S, 3000000000",
        "4m, 4000000",
        "5u, 5000",
        "6n, 6",
        "0m, 1",
        "99999999H, 9223372036854775807",
        "'', 0",
        "S, 0",
        "1, 0",
        "1s, 0",
        "-1S, 0",
        "1.5S, 0",
        "123456789S, 0"
    })
    void timeout_field_isReadOrLeftToTheService(String field, long nanos) {
        assertThat(GrpcCall.timeoutNanos(field)).isEqualTo(nanos);
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1u",
        "99999999000, 99999999u",
        "100000000000, 100000m",
        "99999999000000, 99999999m",
        "360000000000000, 360000S"
    })
    void timeout_time_isToldInTheFinestUnitThatHoldsIt(long nanos, String field) {
        assertThat(GrpcCall.timeoutField(nanos)).isEqualTo(field);
    }

    @ParameterizedTest
    @CsvSource({
        "KEY_MISSING, 16",
        "NOT_ENTITLED, 7",
        "ROUTE_NOT_FOUND, 12",
        "METHOD_NOT_ALLOWED, 12",
        "RATE_LIMITED, 8",
        "BODY_TOO_LARGE, 8",
        "BAD_REQUEST, 13",
        "INTERNAL, 13",
        "UPSTREAM_CONNECT, 14",
        "OVERLOADED, 14",
        "UPSTREAM_TIMEOUT, 4",
        "DEADLINE_EXCEEDED, 4",
        "URI_TOO_LONG, 2"
    })
    void status_ofAnOutcome_isThatOfTheTable(Outcome outcome, int status) {
        assertThat(GrpcCall.status(outcome, outcome.status())).isEqualTo(status);
    }

    @Test
    void message_whatIsNotPrintable_isEncoded() {
        assertThat(GrpcCall.encode("50 % of\nä")).isEqualTo("50 %25 of%0A%C3%A4");
    }
}
