package io.tollgate.controlplane.admin.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.TextNode;
import io.tollgate.controlplane.NearestName;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.MultivaluedMap;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Judges the parameters of a request: known, present where they must be, once, and of the right shape. Shared; any thread. */
final class ParameterJudge {
    private static final Pattern NUMBER = Pattern.compile("-?\\d{1,40}");

    private final SchemaJudge schemas;

    ParameterJudge(SchemaJudge schemas) {
        this.schemas = schemas;
    }

    List<FieldFault> judge(Operation operation, ContainerRequestContext request) {
        List<FieldFault> faults = new ArrayList<>();
        MultivaluedMap<String, String> path = request.getUriInfo().getPathParameters();
        MultivaluedMap<String, String> query = request.getUriInfo().getQueryParameters();
        judgeUnknown(operation, query, faults);
        for (Parameter parameter : operation.parameters()) {
            List<String> values = switch (parameter.in()) {
                case "path" -> path.get(parameter.name());
                case "query" -> query.get(parameter.name());
                default -> request.getHeaders().get(parameter.name());
            };
            judgeOne(parameter, values, faults);
        }
        return faults;
    }

    private static void judgeUnknown(Operation operation, Map<String, List<String>> query, List<FieldFault> faults) {
        List<String> known = operation.parameters().stream()
                .filter(parameter -> parameter.in().equals("query"))
                .map(Parameter::name)
                .toList();
        for (String name : query.keySet()) {
            if (!known.contains(name)) {
                String expected = NearestName.of(name, known)
                        .map(nearest -> "perhaps " + nearest)
                        .orElse(known.isEmpty() ? "none" : "one of " + String.join(", ", known));
                faults.add(new FieldFault(name, "unknown parameter (expected: " + expected + ")"));
            }
        }
    }

    private void judgeOne(Parameter parameter, @Nullable List<String> values, List<FieldFault> faults) {
        if (values == null || values.isEmpty()) {
            if (parameter.required()) {
                faults.add(new FieldFault(parameter.name(), "absent (expected: it is required)"));
            }
            return;
        }
        boolean isList = parameter.schema().path("type").asText().equals("array");
        if (values.size() > 1 && !isList) {
            faults.add(new FieldFault(parameter.name(), values.size() + " times (expected: once)"));
            return;
        }
        JsonNode value = isList ? list(values) : scalar(parameter.schema(), values.get(0));
        faults.addAll(schemas.judge(parameter.schema(), value, parameter.name()));
    }

    /** A list comes as one value with commas, or as several values. */
    private static JsonNode list(List<String> values) {
        var items = JsonNodeFactory.instance.arrayNode();
        for (String value : values) {
            for (String item : value.split(",", -1)) {
                items.add(item);
            }
        }
        return items;
    }

    /** The value as JSON of the wanted type; as text, which is then judged wrong, where it is none. */
    private static JsonNode scalar(JsonNode schema, String value) {
        return switch (schema.path("type").asText()) {
            case "integer" ->
                NUMBER.matcher(value).matches()
                        ? JsonNodeFactory.instance.numberNode(new BigInteger(value))
                        : TextNode.valueOf(value);
            case "boolean" ->
                value.equals("true") || value.equals("false")
                        ? BooleanNode.valueOf(value.equals("true"))
                        : TextNode.valueOf(value);
            default -> TextNode.valueOf(value);
        };
    }
}
