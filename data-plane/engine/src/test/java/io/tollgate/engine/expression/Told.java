package io.tollgate.engine.expression;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A call of which a test tells what matters; it knows what it was asked for. */
final class Told implements ExpressionFacts {
    String path = "/orders/7";
    String method = "GET";
    long epochMillis = 1_784_000_000_000L;
    final Map<String, String> headers = new LinkedHashMap<>();
    final Map<String, @Nullable Object> claims = new LinkedHashMap<>();
    List<String> groups = List.of();
    List<String> scopes = List.of();
    int headersAsked;

    @Override
    public String method() {
        return method;
    }

    @Override
    public String scheme() {
        return "https";
    }

    @Override
    public String host() {
        return "api.example.com";
    }

    @Override
    public String path() {
        return path;
    }

    @Override
    public Map<String, String> headers() {
        headersAsked++;
        return headers;
    }

    @Override
    public Map<String, String> queryParameters() {
        return Map.of("dry", "1");
    }

    @Override
    public String clientAddress() {
        return "192.0.2.7";
    }

    @Override
    public long epochMillis() {
        return epochMillis;
    }

    @Override
    public String consumerId() {
        return "6b0c5a3e-0000-4000-8000-000000000001";
    }

    @Override
    public String consumerName() {
        return "acme";
    }

    @Override
    public List<String> groups() {
        return groups;
    }

    @Override
    public String planName() {
        return "gold";
    }

    @Override
    public String credentialId() {
        return "6b0c5a3e-0000-4000-8000-000000000002";
    }

    @Override
    public String credentialType() {
        return "jwt";
    }

    @Override
    public List<String> scopes() {
        return scopes;
    }

    @Override
    public Map<String, @Nullable Object> claims() {
        return claims;
    }
}
