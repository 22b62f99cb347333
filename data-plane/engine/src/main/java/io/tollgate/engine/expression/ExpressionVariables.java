package io.tollgate.engine.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelVariableResolver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What expressions may name, and what that is in one call. As confined as the call is. */
record ExpressionVariables(ExpressionFacts facts) implements CelVariableResolver {
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);
    private static final CelType TEXTS_BY_NAME = MapType.create(SimpleType.STRING, SimpleType.STRING);

    /** Names and types: whole names, so that one that does not exist is refused when the expression is stored. */
    static Map<String, CelType> types() {
        Map<String, CelType> types = new LinkedHashMap<>();
        types.put("request.method", SimpleType.STRING);
        types.put("request.scheme", SimpleType.STRING);
        types.put("request.host", SimpleType.STRING);
        types.put("request.path", SimpleType.STRING);
        types.put("request.headers", TEXTS_BY_NAME);
        types.put("request.query", TEXTS_BY_NAME);
        types.put("request.client_address", SimpleType.STRING);
        types.put("request.time", SimpleType.TIMESTAMP);
        types.put("consumer.id", SimpleType.STRING);
        types.put("consumer.name", SimpleType.STRING);
        types.put("consumer.groups", TEXTS);
        types.put("consumer.plan", SimpleType.STRING);
        types.put("credential.id", SimpleType.STRING);
        types.put("credential.type", SimpleType.STRING);
        types.put("credential.scopes", TEXTS);
        types.put("token.claims", MapType.create(SimpleType.STRING, SimpleType.DYN));
        return types;
    }

    @Override
    public Optional<Object> find(String name) {
        return Optional.ofNullable(
                switch (name) {
                    case "request.method" -> facts.method();
                    case "request.scheme" -> facts.scheme();
                    case "request.host" -> facts.host();
                    case "request.path" -> facts.path();
                    case "request.headers" -> facts.headers();
                    case "request.query" -> facts.queryParameters();
                    case "request.client_address" -> facts.clientAddress();
                    case "request.time" -> Instant.ofEpochMilli(facts.epochMillis());
                    case "consumer.id" -> facts.consumerId();
                    case "consumer.name" -> facts.consumerName();
                    case "consumer.groups" -> facts.groups();
                    case "consumer.plan" -> facts.planName();
                    case "credential.id" -> facts.credentialId();
                    case "credential.type" -> facts.credentialType();
                    case "credential.scopes" -> facts.scopes();
                    case "token.claims" -> value(facts.claims());
                    default -> null;
                });
    }

    /** The same, where null is the word that the language has for it. */
    private static Object value(@Nullable Object json) {
        if (json == null) {
            return NullValue.NULL_VALUE;
        }
        if (json instanceof Map<?, ?> members) {
            Map<Object, Object> values = new LinkedHashMap<>(members.size() * 2);
            members.forEach((name, member) -> values.put(name, value(member)));
            return values;
        }
        if (json instanceof List<?> items) {
            List<Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(value(item)));
            return values;
        }
        return json;
    }
}
