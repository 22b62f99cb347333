package io.tollgate.controlplane.admin.contract;

import com.fasterxml.jackson.databind.JsonNode;
import io.tollgate.controlplane.NearestName;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import java.time.DateTimeException;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;

/**
 * Judges JSON against a schema of the contract and tells every invalid field at once, as {@code value (expected: ...)}. Knows what
 * admin.yaml uses of JSON Schema 2020-12: type, required, properties, items, enum, pattern, format (uuid, date-time, int32, int64), the
 * bounds of numbers, lengths and lists; stricter in that members must be known, and readOnly ones are not looked at. Shared; any thread.
 */
final class SchemaJudge {
    /** More faults than this help nobody. */
    private static final int FAULTS_MAX = 100;

    private static final int SHOWN_CHARACTERS_MAX = 80;

    private static final Pattern UUID =
            Pattern.compile("[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}");
    private static final Pattern DATE_TIME =
            Pattern.compile("\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d{1,9})?(Z|[+-]\\d{2}:\\d{2})");

    private final Contract contract;
    private final Map<String, Pattern> patterns = new ConcurrentHashMap<>();

    SchemaJudge(Contract contract) {
        this.contract = contract;
    }

    List<FieldFault> judge(JsonNode schema, JsonNode value, String pointer) {
        List<FieldFault> faults = new ArrayList<>();
        judge(schema, value, pointer, faults);
        return faults;
    }

    private void judge(JsonNode reference, JsonNode value, String pointer, List<FieldFault> faults) {
        if (faults.size() >= FAULTS_MAX) {
            return;
        }
        JsonNode schema = contract.resolve(reference);
        switch (schema.path("type").asText()) {
            case "object" -> judgeObject(schema, value, pointer, faults);
            case "array" -> judgeArray(schema, value, pointer, faults);
            case "string" -> judgeString(schema, value, pointer, faults);
            case "integer" -> judgeInteger(schema, value, pointer, faults);
            case "boolean" -> {
                if (!value.isBoolean()) {
                    add(faults, pointer, value, "true or false");
                }
            }
            default -> throw new IllegalStateException("admin.yaml has a schema of an unknown type at " + pointer);
        }
    }

    private void judgeObject(JsonNode schema, JsonNode value, String pointer, List<FieldFault> faults) {
        if (!value.isObject()) {
            add(faults, pointer, value, "an object");
            return;
        }
        JsonNode properties = schema.path("properties");
        for (JsonNode required : schema.path("required")) {
            if (!value.has(required.asText())) {
                JsonNode property = contract.resolve(properties.path(required.asText()));
                faults.add(new FieldFault(
                        member(pointer, required.asText()), "absent (expected: " + describe(property) + ")"));
            }
        }
        for (Map.Entry<String, JsonNode> member : value.properties()) {
            JsonNode property = properties.get(member.getKey());
            if (property == null) {
                faults.add(new FieldFault(member(pointer, member.getKey()), unknown(member.getKey(), properties)));
            } else if (!property.path("readOnly").asBoolean()) {
                judge(property, member.getValue(), member(pointer, member.getKey()), faults);
            }
        }
    }

    private static String unknown(String name, JsonNode properties) {
        List<String> known = new ArrayList<>();
        properties.fieldNames().forEachRemaining(known::add);
        return NearestName.of(name, known)
                .map(nearest -> "unknown member (expected: perhaps " + nearest + ")")
                .orElse("unknown member (expected: one of " + String.join(", ", known) + ")");
    }

    private void judgeArray(JsonNode schema, JsonNode value, String pointer, List<FieldFault> faults) {
        if (!value.isArray()) {
            add(faults, pointer, value, "a list");
            return;
        }
        int most = schema.path("maxItems").asInt(Integer.MAX_VALUE);
        int least = schema.path("minItems").asInt(0);
        if (value.size() < least || value.size() > most) {
            faults.add(new FieldFault(pointer, value.size() + " items (expected: " + least + " to " + most + ")"));
            return;
        }
        for (int i = 0; i < value.size(); i++) {
            judge(schema.path("items"), value.get(i), pointer + "/" + i, faults);
        }
    }

    private void judgeString(JsonNode schema, JsonNode value, String pointer, List<FieldFault> faults) {
        if (!value.isTextual() || !isText(value.textValue())) {
            add(faults, pointer, value, value.isTextual() ? "characters that can be stored" : describe(schema));
            return;
        }
        String text = value.textValue();
        int length = text.codePointCount(0, text.length());
        boolean fits = length >= schema.path("minLength").asInt(0)
                && length <= schema.path("maxLength").asInt(Integer.MAX_VALUE)
                && (!schema.has("pattern") || matches(schema.path("pattern").asText(), text))
                && (!schema.has("enum") || isListed(schema.path("enum"), text))
                && hasFormat(schema.path("format").asText(), text);
        if (!fits && schema.path("writeOnly").asBoolean()) {
            faults.add(new FieldFault(pointer, length + " characters (expected: " + describe(schema) + ")"));
        } else if (!fits) {
            add(faults, pointer, value, describe(schema));
        }
    }

    /** Whether PostgreSQL can hold it: no NUL, no half of a surrogate pair. */
    private static boolean isText(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isHighSurrogate(c)) {
                i++;
                if (i == text.length() || !Character.isLowSurrogate(text.charAt(i))) {
                    return false;
                }
            } else if (c == 0 || Character.isLowSurrogate(c)) {
                return false;
            }
        }
        return true;
    }

    private boolean matches(String pattern, String text) {
        return patterns.computeIfAbsent(pattern, Pattern::compile).matcher(text).find();
    }

    private static boolean isListed(JsonNode words, String text) {
        for (JsonNode word : words) {
            if (word.asText().equals(text)) {
                return true;
            }
        }
        return false;
    }

    private static boolean hasFormat(String format, String text) {
        return switch (format) {
            case "uuid" -> UUID.matcher(text).matches();
            case "date-time" -> isDateTime(text);
            default -> true;
        };
    }

    private static boolean isDateTime(String text) {
        if (!DATE_TIME.matcher(text).matches()) {
            return false;
        }
        try {
            // Year 0 would be a year before Christ to the database.
            return OffsetDateTime.parse(text).toInstant().getEpochSecond() > -60_000_000_000L;
        } catch (DateTimeException e) {
            return false;
        }
    }

    private void judgeInteger(JsonNode schema, JsonNode value, String pointer, List<FieldFault> faults) {
        boolean isLong = schema.path("format").asText().equals("int64");
        if (!value.isIntegralNumber() || !(isLong ? value.canConvertToLong() : value.canConvertToInt())) {
            add(faults, pointer, value, describe(schema));
            return;
        }
        long number = value.longValue();
        if (number < schema.path("minimum").asLong(Long.MIN_VALUE)
                || number > schema.path("maximum").asLong(Long.MAX_VALUE)) {
            add(faults, pointer, value, describe(schema));
        }
    }

    private static void add(List<FieldFault> faults, String pointer, JsonNode value, String expected) {
        String shown = value.isObject() ? "an object" : value.isArray() ? "a list" : value.toString();
        if (shown.length() > SHOWN_CHARACTERS_MAX) {
            shown = shown.substring(0, SHOWN_CHARACTERS_MAX) + "...";
        }
        faults.add(new FieldFault(pointer, shown + " (expected: " + expected + ")"));
    }

    private static String describe(JsonNode schema) {
        if (schema.has("enum")) {
            StringJoiner words = new StringJoiner(", ");
            schema.path("enum").forEach(word -> words.add(word.asText()));
            return "one of " + words;
        }
        return switch (schema.path("type").asText()) {
            case "integer" -> describeInteger(schema);
            case "string" -> describeString(schema);
            case "array" -> "a list";
            case "object" -> "an object";
            default -> schema.path("type").asText();
        };
    }

    private static String describeInteger(JsonNode schema) {
        if (schema.has("minimum") && schema.has("maximum")) {
            return schema.path("minimum").asText() + " to "
                    + schema.path("maximum").asText();
        }
        return schema.has("minimum") ? "a number from " + schema.path("minimum").asText() : "a whole number";
    }

    private static String describeString(JsonNode schema) {
        String format = schema.path("format").asText();
        if (format.equals("date-time")) {
            return "a moment as 2026-01-31T09:00:00Z";
        }
        if (format.equals("uuid")) {
            return "a UUID";
        }
        StringJoiner text = new StringJoiner(" ");
        text.add("text");
        if (schema.has("maxLength")) {
            text.add("of " + schema.path("minLength").asInt(0) + " to "
                    + schema.path("maxLength").asInt() + " characters");
        }
        if (schema.has("pattern")) {
            text.add("that matches " + schema.path("pattern").asText());
        }
        return text.toString();
    }

    /** A JSON pointer to a member (RFC 6901). */
    private static String member(String pointer, String name) {
        return pointer + "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
