package io.tollgate.node.accesslog;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** A field of a line in JSON; its word is the lower-case name. Immutable. */
enum LogField {
    TIME,
    REQUEST_ID,
    TRACE_ID,
    CLIENT,
    METHOD,
    HOST,
    PATH,
    QUERY,
    PROTOCOL,
    ROUTE,
    SERVICE,
    CONSUMER,
    CREDENTIAL_ID,
    TOKEN_ISSUER,
    TOKEN_SUBJECT,
    PLAN,
    CLIENT_CERTIFICATE_SUBJECT,
    CLIENT_CERTIFICATE_FINGERPRINT,
    STATUS,
    OUTCOME,
    BYTES_IN,
    BYTES_OUT,
    DURATION_MICROS,
    GATEWAY_MICROS,
    UPSTREAM,
    UPSTREAM_MICROS,
    UPSTREAM_TOTAL_MICROS,
    SHARE;

    /** Those of a line for which none were chosen. */
    static final List<LogField> USUAL = List.of(
            TIME,
            REQUEST_ID,
            TRACE_ID,
            CLIENT,
            METHOD,
            HOST,
            PATH,
            QUERY,
            ROUTE,
            CONSUMER,
            CREDENTIAL_ID,
            PLAN,
            STATUS,
            OUTCOME,
            BYTES_IN,
            BYTES_OUT,
            DURATION_MICROS,
            UPSTREAM,
            UPSTREAM_MICROS,
            SHARE);

    private final String word = name().toLowerCase(Locale.ROOT);

    String word() {
        return word;
    }

    static List<String> words() {
        return Arrays.stream(values()).map(LogField::word).toList();
    }
}
