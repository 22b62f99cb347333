package io.tollgate.engine.expression;

import dev.cel.common.types.CelType;
import dev.cel.common.types.ListType;
import dev.cel.common.types.MapType;
import dev.cel.common.types.SimpleType;
import dev.cel.common.values.NullValue;
import dev.cel.runtime.CelVariableResolver;
import java.time.Instant;
import java.util.AbstractMap;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What expressions may name, and what that is in one call. As confined as the call is.
 *
 * <p>Each fact is made once. One that is longer than it may be fails the expression that asks for it.
 */
final class ExpressionVariables implements CelVariableResolver {
    /** Characters of a text: a long URL or cookie. */
    static final int TEXT_MAX = 8_192;
    /** Characters of a text in a list, and of a name: what loops go through. */
    static final int ITEM_MAX = 1_024;
    /** Items of a list. */
    static final int ITEMS_MAX = 500;

    static final String TIME = "request.time";

    private static final Object TOO_LONG = new Object();
    private static final CelType TEXTS = ListType.create(SimpleType.STRING);
    private static final CelType TEXTS_BY_NAME = MapType.create(SimpleType.STRING, SimpleType.STRING);

    private final ExpressionFacts facts;
    private final Map<String, Object> found = new HashMap<>();

    ExpressionVariables(ExpressionFacts facts) {
        this.facts = facts;
    }

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
        types.put(TIME, SimpleType.TIMESTAMP);
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
        Object known = found.get(name);
        if (known == null) {
            known = fact(name);
            if (known != null) {
                found.put(name, known);
            }
        }
        return Optional.ofNullable(known);
    }

    private @Nullable Object fact(String name) {
        return switch (name) {
            case "request.method" -> bounded(facts.method());
            case "request.scheme" -> facts.scheme();
            case "request.host" -> bounded(facts.host());
            case "request.path" -> bounded(facts.path());
            case "request.headers" -> bounded(facts.headers());
            case "request.query" -> bounded(facts.queryParameters());
            case "request.client_address" -> bounded(facts.clientAddress());
            case TIME -> Instant.ofEpochMilli(facts.epochMillis());
            case "consumer.id" -> bounded(facts.consumerId());
            case "consumer.name" -> bounded(facts.consumerName());
            case "consumer.groups" -> bounded(facts.groups());
            case "consumer.plan" -> bounded(facts.planName());
            case "credential.id" -> bounded(facts.credentialId());
            case "credential.type" -> facts.credentialType();
            case "credential.scopes" -> bounded(facts.scopes());
            case "token.claims" -> bounded(facts.claims());
            default -> null;
        };
    }

    private static Object bounded(@Nullable Object fact) {
        return checked(value(fact));
    }

    private static Object checked(Object value) {
        if (value == TOO_LONG) {
            throw new TooLong();
        }
        return value;
    }

    /** The same, where null is the word that the language has for it, and what is too long is found out when it is asked for. */
    private static Object value(@Nullable Object json) {
        if (json == null) {
            return NullValue.NULL_VALUE;
        }
        if (json instanceof String text) {
            return text.length() > TEXT_MAX ? TOO_LONG : text;
        }
        if (json instanceof Map<?, ?> members) {
            Map<Object, Object> values = new LinkedHashMap<>(members.size() * 2);
            members.forEach((name, member) -> values.put(name, value(member)));
            return members.keySet().stream().anyMatch(ExpressionVariables::isLongItem) ? TOO_LONG : new Members(values);
        }
        if (json instanceof List<?> items) {
            List<Object> values = new ArrayList<>(items.size());
            items.forEach(item -> values.add(value(item)));
            return items.size() > ITEMS_MAX
                            || values.contains(TOO_LONG)
                            || items.stream().anyMatch(ExpressionVariables::isLongItem)
                    ? TOO_LONG
                    : values;
        }
        return json;
    }

    private static boolean isLongItem(@Nullable Object item) {
        return item instanceof String text && text.length() > ITEM_MAX;
    }

    /** Something that was asked for is longer than what an expression may look at. */
    static final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1;

        TooLong() {
            super("too long", null, false, false);
        }
    }

    /** Members of which some may be too long, which only matters to who asks for them. As confined as the call is. */
    private static final class Members extends AbstractMap<Object, Object> {
        private final Map<Object, Object> values;

        Members(Map<Object, Object> values) {
            this.values = values;
        }

        @Override
        public @Nullable Object get(@Nullable Object name) {
            Object value = values.get(name);
            return value == null ? null : checked(value);
        }

        @Override
        public boolean containsKey(@Nullable Object name) {
            return values.containsKey(name);
        }

        @Override
        public Set<Object> keySet() {
            return values.keySet();
        }

        @Override
        public Set<Map.Entry<Object, Object>> entrySet() {
            values.values().forEach(ExpressionVariables::checked);
            return values.entrySet();
        }

        @Override
        public int size() {
            return values.size();
        }
    }
}
