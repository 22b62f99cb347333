package io.tollgate.node.exchange;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/**
 * What gRPC over HTTP/2 says beside HTTP: which calls are of it, their deadlines, and how an ending is told in its words. Immutable
 * functions.
 *
 * <p>Sources: the documents "gRPC over HTTP2", "HTTP to gRPC Status Code Mapping" and "gRPC Retry Design" of the gRPC project.
 */
public final class GrpcCall {
    /** Name of the field that says how long the caller waits. */
    public static final String TIMEOUT = "grpc-timeout";
    /** Name of the field that says how a call ended. */
    public static final String STATUS = "grpc-status";
    /** Name of the field that says it in words. */
    public static final String MESSAGE = "grpc-message";
    /** Name of the field that says when to try again, in milliseconds. */
    public static final String RETRY_PUSHBACK = "grpc-retry-pushback-ms";

    private static final String CONTENT_TYPE = "application/grpc";
    private static final int TIMEOUT_DIGITS_MAX = 8;
    private static final long TIMEOUT_MAX = 99_999_999;

    private static final int UNKNOWN = 2;
    private static final int DEADLINE_EXCEEDED = 4;
    private static final int PERMISSION_DENIED = 7;
    private static final int RESOURCE_EXHAUSTED = 8;
    private static final int UNIMPLEMENTED = 12;
    private static final int INTERNAL = 13;
    private static final int UNAVAILABLE = 14;
    private static final int UNAUTHENTICATED = 16;

    private GrpcCall() {}

    /** Whether a request is a call of gRPC: over HTTP/2, its content type being that of gRPC or of a kind of it. */
    static boolean is(Exchange exchange) {
        if (exchange.ownsConnection()) {
            return false;
        }
        String type = exchange.request().headers().get(HttpHeaders.CONTENT_TYPE);
        if (type == null || !type.regionMatches(true, 0, CONTENT_TYPE, 0, CONTENT_TYPE.length())) {
            return false;
        }
        // Not grpc-web, which is spoken otherwise.
        return type.length() == CONTENT_TYPE.length() || "+; ".indexOf(type.charAt(CONTENT_TYPE.length())) >= 0;
    }

    /**
     * How long a timeout field says that its caller waits, in nanoseconds: up to eight digits and a unit. 0 when it is none,
     * and then it is for the service to judge.
     */
    static long timeoutNanos(String field) {
        int digits = field.length() - 1;
        if (digits < 1 || digits > TIMEOUT_DIGITS_MAX) {
            return 0;
        }
        long value = 0;
        for (int i = 0; i < digits; i++) {
            char digit = field.charAt(i);
            if (digit < '0' || digit > '9') {
                return 0;
            }
            value = value * 10 + digit - '0';
        }
        long nanos = switch (field.charAt(digits)) {
            case 'H' -> TimeUnit.HOURS.toNanos(value);
            case 'M' -> TimeUnit.MINUTES.toNanos(value);
            case 'S' -> TimeUnit.SECONDS.toNanos(value);
            case 'm' -> TimeUnit.MILLISECONDS.toNanos(value);
            case 'u' -> TimeUnit.MICROSECONDS.toNanos(value);
            case 'n' -> value;
            default -> 0;
        };
        // A caller that waits for nothing has a deadline, too.
        return nanos == 0 && value == 0 && "HMSmun".indexOf(field.charAt(digits)) >= 0 ? 1 : nanos;
    }

    /** The timeout field for so much time, in the finest unit that holds it. */
    public static String timeoutField(long nanos) {
        long micros = Math.max(1, TimeUnit.NANOSECONDS.toMicros(nanos));
        if (micros <= TIMEOUT_MAX) {
            return micros + "u";
        }
        long millis = TimeUnit.MICROSECONDS.toMillis(micros);
        return millis <= TIMEOUT_MAX ? millis + "m" : Math.min(millis / 1_000, TIMEOUT_MAX) + "S";
    }

    /**
     * The status in which an ending is told.
     *
     * @param status of HTTP, which the same ending has for others
     */
    public static int status(Outcome outcome, int status) {
        if (outcome == Outcome.DEADLINE_EXCEEDED) {
            return DEADLINE_EXCEEDED;
        }
        return switch (status) {
            case 400 -> INTERNAL;
            case 401 -> UNAUTHENTICATED;
            case 403 -> PERMISSION_DENIED;
            case 404, 405 -> UNIMPLEMENTED;
            case 413, 429, 431 -> RESOURCE_EXHAUSTED;
            case 408, 504 -> DEADLINE_EXCEEDED;
            case 500 -> INTERNAL;
            case 502, 503 -> UNAVAILABLE;
            default -> UNKNOWN;
        };
    }

    /** Says how a call ended, in the head of an answer that has nothing else, or after its body. */
    public static void tell(Outcome outcome, int status, MultiMap to) {
        to.set(STATUS, Integer.toString(status(outcome, status)));
        to.set(MESSAGE, encode(outcome.title() + ": " + outcome.detail()));
    }

    /** Percent-encodes what is not printable ASCII, and the percent sign. */
    static String encode(String text) {
        StringBuilder out = new StringBuilder(text.length());
        for (byte octet : text.getBytes(StandardCharsets.UTF_8)) {
            if (octet >= ' ' && octet <= '~' && octet != '%') {
                out.append((char) octet);
            } else {
                out.append('%')
                        .append(Character.toUpperCase(Character.forDigit((octet >> 4) & 15, 16)))
                        .append(Character.toUpperCase(Character.forDigit(octet & 15, 16)));
            }
        }
        return out.toString();
    }
}
