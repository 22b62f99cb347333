package io.tollgate.node.proxy;

import io.tollgate.engine.policy.CorsPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What browsers are told about pages of other origins (Fetch Standard, 3.2). Immutable functions. */
public final class CorsFields {
    private static final CharSequence ORIGIN = HttpHeaders.createOptimized("Origin");
    private static final CharSequence VARY = HttpHeaders.createOptimized("Vary");
    private static final CharSequence TRUE = HttpHeaders.createOptimized("true");
    private static final CharSequence ANY = HttpHeaders.createOptimized("*");
    private static final CharSequence ALLOW_ORIGIN = HttpHeaders.createOptimized("Access-Control-Allow-Origin");
    private static final CharSequence ALLOW_CREDENTIALS =
            HttpHeaders.createOptimized("Access-Control-Allow-Credentials");
    private static final CharSequence EXPOSE_HEADERS = HttpHeaders.createOptimized("Access-Control-Expose-Headers");
    private static final CharSequence REQUEST_METHOD = HttpHeaders.createOptimized("Access-Control-Request-Method");
    private static final CharSequence REQUEST_HEADERS = HttpHeaders.createOptimized("Access-Control-Request-Headers");
    private static final CharSequence REQUEST_PRIVATE_NETWORK =
            HttpHeaders.createOptimized("Access-Control-Request-Private-Network");
    private static final List<CharSequence> OF_ANSWERS = List.of(
            ALLOW_ORIGIN,
            ALLOW_CREDENTIALS,
            EXPOSE_HEADERS,
            HttpHeaders.createOptimized("Access-Control-Allow-Methods"),
            HttpHeaders.createOptimized("Access-Control-Allow-Headers"),
            HttpHeaders.createOptimized("Access-Control-Max-Age"),
            HttpHeaders.createOptimized("Access-Control-Allow-Private-Network"));
    private static final String PREFLIGHT_VARY =
            "Origin, Access-Control-Request-Method, Access-Control-Request-Headers,"
                    + " Access-Control-Request-Private-Network";

    private CorsFields() {}

    /** The method that a browser asks whether it may use; null when this is no such question. */
    public static @Nullable String askedMethod(Exchange exchange) {
        if (!HttpMethod.OPTIONS.equals(exchange.request().method())) {
            return null;
        }
        MultiMap headers = exchange.request().headers();
        return headers.contains(ORIGIN) ? headers.get(REQUEST_METHOD) : null;
    }

    /** The answer to such a question, which tells nothing where the answer is no. */
    public static GatewayAnswer preflight(Exchange exchange, CorsPolicy policy, String method) {
        List<GatewayAnswer.Field> fields = new ArrayList<>();
        fields.add(new GatewayAnswer.Field("Vary", PREFLIGHT_VARY));
        MultiMap asked = exchange.request().headers();
        String origin = asked.get(ORIGIN);
        String headers = asked.get(REQUEST_HEADERS);
        if (origin != null
                && policy.takes(origin)
                && policy.takesMethod(method)
                && (headers == null || takesAll(policy, headers))) {
            fields.add(new GatewayAnswer.Field(
                    "Access-Control-Allow-Origin", policy.isSameForAll() ? CorsPolicy.ANY : origin));
            fields.add(new GatewayAnswer.Field(
                    "Access-Control-Allow-Methods",
                    policy.methods().isEmpty() ? method : String.join(", ", policy.methods())));
            if (headers != null && !headers.isEmpty()) {
                fields.add(new GatewayAnswer.Field("Access-Control-Allow-Headers", headers));
            }
            if (policy.credentials()) {
                fields.add(new GatewayAnswer.Field("Access-Control-Allow-Credentials", "true"));
            }
            if (policy.privateNetwork() && "true".equals(asked.get(REQUEST_PRIVATE_NETWORK))) {
                fields.add(new GatewayAnswer.Field("Access-Control-Allow-Private-Network", "true"));
            }
            fields.add(new GatewayAnswer.Field("Access-Control-Max-Age", Integer.toString(policy.maxAgeSeconds())));
        }
        return new GatewayAnswer(204, fields, "");
    }

    private static boolean takesAll(CorsPolicy policy, String headers) {
        for (String name : headers.split(",", -1)) {
            if (!policy.takesHeader(name.trim().toLowerCase(Locale.ROOT))) {
                return false;
            }
        }
        return true;
    }

    /** Tells the browser that made this call whether its page may read the answer, in place of what the service says. */
    public static void addTo(MultiMap to, Exchange exchange) {
        CorsPolicy policy = exchange.cors();
        if (policy == null || (policy.passUpstream() && to.contains(ALLOW_ORIGIN))) {
            return;
        }
        for (int i = 0; i < OF_ANSWERS.size(); i++) {
            to.remove(OF_ANSWERS.get(i));
        }
        if (!policy.isSameForAll()) {
            // Also to who sent no origin: a cache must not give its answer to who does.
            to.add(VARY, ORIGIN);
        }
        String origin = exchange.request().headers().get(ORIGIN);
        if (origin == null || !policy.takes(origin)) {
            return;
        }
        to.set(ALLOW_ORIGIN, policy.isSameForAll() ? ANY : origin);
        if (policy.credentials()) {
            to.set(ALLOW_CREDENTIALS, TRUE);
        }
        if (!policy.exposedHeaders().isEmpty()) {
            to.set(EXPOSE_HEADERS, policy.exposedHeaders());
        }
    }
}
