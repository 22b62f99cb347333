package io.tollgate.node.listener;

import io.netty.handler.codec.http.HttpHeaderNames;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.proxy.AnswerHead;
import io.vertx.core.MultiMap;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerResponse;

/**
 * The gateway's own answers: one prebuilt problem (RFC 9457) per outcome, to which only the request's id is added. Shared;
 * immutable.
 */
final class AnswerWriter {
    private static final CharSequence PROBLEM_JSON = HttpHeaders.createOptimized("application/problem+json");
    private static final CharSequence NO_STORE = HttpHeaders.createOptimized("no-store");
    private static final CharSequence CLOSE = HttpHeaders.createOptimized("close");
    private static final CharSequence CHALLENGE = HttpHeaders.createOptimized("ApiKey realm=\"tollgate\"");
    private static final CharSequence PROXY_STATUS = HttpHeaders.createOptimized("Proxy-Status");
    private static final CharSequence REQUEST_ID = HttpHeaders.createOptimized("X-Request-Id");

    private final String[] bodies = new String[Outcome.values().length];
    private final CharSequence[] proxyStatus = new CharSequence[bodies.length];

    AnswerWriter() {
        for (Outcome outcome : Outcome.values()) {
            bodies[outcome.ordinal()] = "{\"type\":\"urn:tollgate:problem:" + outcome.word() + "\",\"title\":\""
                    + outcome.title() + "\",\"status\":" + outcome.status() + ",\"detail\":\"" + outcome.detail()
                    + "\",\"instance\":\"urn:tollgate:request:";
            proxyStatus[outcome.ordinal()] =
                    HttpHeaders.createOptimized("tollgate; error=" + outcome.proxyStatusError());
        }
    }

    /** Answers; {@code close} tells the client that its connection ends with this answer. */
    void write(Exchange exchange, Outcome outcome, boolean close) {
        HttpServerResponse response = exchange.response();
        MultiMap headers = response.headers();
        response.setStatusCode(outcome.status());
        headers.set(HttpHeaders.CONTENT_TYPE, PROBLEM_JSON);
        headers.set(HttpHeaders.CACHE_CONTROL, NO_STORE);
        headers.set(REQUEST_ID, exchange.requestId());
        switch (outcome.status()) {
            case 401 -> headers.set(HttpHeaderNames.WWW_AUTHENTICATE, CHALLENGE);
            case 405 -> headers.set(HttpHeaders.ALLOW, exchange.allowedMethods());
            case 429 -> {
                headers.set(HttpHeaders.RETRY_AFTER, Long.toString(exchange.retryAfterSeconds()));
                AnswerHead.addLimits(exchange, headers);
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
        exchange.answerStarted(outcome.status());
        Buffer body = Buffer.buffer(bodies[outcome.ordinal()] + exchange.requestId() + "\"}\n");
        if (!HttpMethod.HEAD.equals(exchange.request().method())) {
            exchange.addResponseBytes(body.length());
        }
        response.end(body);
    }
}
