package io.tollgate.node.listener;

import io.netty.buffer.Unpooled;
import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.ContentCoding;
import io.tollgate.node.coding.BodyEncoder;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.GrpcCall;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.RequestIds;
import io.tollgate.node.proxy.AnswerCoding;
import io.tollgate.node.proxy.AnswerHead;
import io.tollgate.node.proxy.CorsFields;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.internal.buffer.BufferInternal;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The gateway's own answers: one prebuilt problem (RFC 9457) per outcome, to which only the request's id is added. Shared;
 * immutable.
 */
final class AnswerWriter {
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
    /** gRPC tells an ending by its own status. */
    private static final int GRPC_HTTP_STATUS = 200;

    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
    private static final String WWW_AUTHENTICATE = "www-authenticate";
    private static final String BEARER = "Bearer ";
    private static final CharSequence PROXY_STATUS = HttpHeaders.createOptimized("Proxy-Status");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized(RequestIds.FIELD);

    private final String[] bodies = new String[Outcome.values().length];
    private final CharSequence[] proxyStatus = new CharSequence[bodies.length];

    AnswerWriter() {
        for (Outcome outcome : Outcome.values()) {
            bodies[outcome.ordinal()] = body(outcome, outcome.status(), outcome.detail());
            proxyStatus[outcome.ordinal()] =
                    HttpHeaders.createOptimized("tollgate; error=" + outcome.proxyStatusError());
        }
    }

    private static String body(Outcome outcome, int status, String detail) {
        return "{\"type\":\"urn:tollgate:problem:" + outcome.word() + "\",\"title\":\"" + outcome.title()
                + "\",\"status\":" + status + ",\"detail\":\"" + detail
                + "\",\"instance\":\"urn:tollgate:request:";
    }

    private static Buffer body(Exchange exchange, GatewayAnswer answer, MultiMap headers) {
        byte[] plain = answer.body().getBytes(StandardCharsets.ISO_8859_1);
        CompressionPolicy compression = exchange.compression();
        ContentCoding coding = compression == null
                ? null
                : AnswerCoding.choose(compression, exchange, answer.status(), plain.length, headers);
        if (compression == null || coding == null) {
            return Buffer.buffer(plain);
        }
        try (BodyEncoder encoder = BodyEncoder.of(coding, compression.level())) {
            return BufferInternal.buffer(encoder.finish(Unpooled.wrappedBuffer(plain)));
        }
    }

    private String problem(Exchange exchange, Outcome outcome, int status) {
        ListenerBounds bounds = exchange.bounds();
        return switch (outcome) {
            case FAULT_INJECTED -> body(outcome, status, outcome.detail());
            // Who went too far is told how far it is.
            case URI_TOO_LONG ->
                body(outcome, status, "The request line is longer than " + bounds.requestLineBytesMax() + " bytes.");
            case HEADER_TOO_LARGE ->
                body(
                        outcome,
                        status,
                        "The header section is longer than " + bounds.headerBytesMax() + " bytes or has more than "
                                + bounds.headerFieldsMax() + " fields.");
            case BODY_TOO_LARGE ->
                body(outcome, status, "The body is longer than " + bounds.bodyBytesMax() + " bytes.");
            default -> bodies[outcome.ordinal()];
        };
    }

    /** How to prove oneself, and what was wrong with the token where one was presented (RFC 6750, 3). */
    private static List<String> challenges(Exchange exchange, Outcome outcome) {
        if (!outcome.isOfToken()) {
            return exchange.challenges();
        }
        String error = ", error=\"invalid_token\", error_description=\"" + outcome.detail() + '"';
        return exchange.challenges().stream()
                .map(challenge -> challenge.startsWith(BEARER) ? challenge + error : challenge)
                .toList();
    }

    /** Answers as a route says, and counts the call first; {@code close} as below. */
    void write(Exchange exchange, GatewayAnswer answer, boolean close) {
        HttpServerResponse response = exchange.response();
        MultiMap headers = response.headers();
        response.setStatusCode(answer.status());
        for (GatewayAnswer.Field field : answer.fields()) {
            headers.add(field.name(), field.value());
        }
        AnswerHead.addRequestId(exchange, headers);
        AnswerHead.addHsts(exchange, headers);
        CorsFields.addTo(headers, exchange);
        AnswerHead.addSecurity(exchange, headers);
        AnswerHead.addLimits(exchange, headers);
        AnswerHead.addDeprecation(exchange, headers);
        if (close) {
            headers.set(HttpHeaders.CONNECTION, CLOSE);
        }
        Buffer body = body(exchange, answer, headers);
        if (answer.status() != 204 && answer.status() != 304) {
            headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
        }
        boolean withBody =
                body.length() > 0 && !HttpMethod.HEAD.equals(exchange.request().method());
        exchange.answerStarted(answer.status());
        exchange.addResponseBytes(withBody ? body.length() : 0);
        // Counted before the last byte is handed over: an answer that went out whole is never missing from the meter.
        exchange.scratch().meter().count(exchange, OutcomeClass.ofUpstreamStatus(answer.status()));
        if (withBody) {
            response.end(body);
        } else {
            response.end();
        }
    }

    /** Answers; {@code close} tells the client that its connection ends with this answer. */
    void write(Exchange exchange, Outcome outcome, boolean close) {
        HttpServerResponse response = exchange.response();
        MultiMap headers = response.headers();
        boolean chosen = outcome == Outcome.FAULT_INJECTED || outcome == Outcome.HTTPS_REQUIRED;
        int status = chosen ? exchange.faultStatus() : outcome.status();
        boolean grpc = exchange.isGrpc();
        response.setStatusCode(grpc ? GRPC_HTTP_STATUS : status);
        headers.set(HttpHeaders.CONTENT_TYPE, grpc ? GRPC : PROBLEM_JSON);
        headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        headers.set(REQUEST_ID, exchange.requestId());
        AnswerHead.addHsts(exchange, headers);
        CorsFields.addTo(headers, exchange);
        AnswerHead.addSecurity(exchange, headers);
        AnswerHead.addDeprecation(exchange, headers);
        switch (outcome.status()) {
            case 308 -> headers.set(HttpHeaders.LOCATION, exchange.location());
            case 401 -> headers.set(WWW_AUTHENTICATE, challenges(exchange, outcome));
            case 403 -> {
                if (outcome == Outcome.SCOPE_MISSING && !exchange.challenges().isEmpty()) {
                    headers.set(WWW_AUTHENTICATE, exchange.challenges());
                }
            }
            case 405 -> headers.set(HttpHeaders.ALLOW, exchange.allowedMethods());
            case 429 -> {
                headers.set(HttpHeaders.RETRY_AFTER, Long.toString(exchange.retryAfterSeconds()));
                AnswerHead.addLimits(exchange, headers);
                if (grpc) {
                    headers.set(GrpcCall.RETRY_PUSHBACK, Long.toString(exchange.retryAfterSeconds() * 1_000));
                }
            }
            case 503 -> {
                if (outcome == Outcome.CIRCUIT_OPEN || outcome == Outcome.OVERLOADED) {
                    headers.set(HttpHeaders.RETRY_AFTER, Long.toString(exchange.retryAfterSeconds()));
                }
            }
            default -> {
                // No field of its own.
            }
        }
        if (!outcome.proxyStatusError().isEmpty()) {
            headers.set(PROXY_STATUS, proxyStatus[outcome.ordinal()]);
        }
        if (close) {
            headers.set(HttpHeaders.CONNECTION, CLOSE);
        }
        if (grpc) {
            GrpcCall.tell(outcome, status, headers);
            exchange.answerStarted(GRPC_HTTP_STATUS);
            response.end();
            return;
        }
        exchange.answerStarted(status);
        String problem = problem(exchange, outcome, status);
        Buffer body = Buffer.buffer(problem + exchange.requestId() + "\"}\n");
        if (HttpMethod.HEAD.equals(exchange.request().method())) {
            headers.set(HttpHeaders.CONTENT_LENGTH, Integer.toString(body.length()));
            response.end();
        } else {
            exchange.addResponseBytes(body.length());
            response.end(body);
        }
    }
}
