package io.tollgate.controlplane.settings;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import io.tollgate.controlplane.admin.contract.Contract;
import io.tollgate.controlplane.stream.Operator;
import jakarta.inject.Inject;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Breaks every bound that the contract has for a member of the samples, one at a time. */
@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class BoundsTest {
    @Inject
    Contract contract;

    /** A value that breaks one bound, and where. */
    private record Violation(String pointer, @Nullable JsonNode value, String bound) {}

    @Test
    void put_beyondAnyBound_is422ThatPointsThere() {
        Samples.putAll();
        int broken = 0;
        for (Samples.Sample sample : Samples.all()) {
            List<Violation> violations = new ArrayList<>();
            find(contract.schema(sample.schema()), sample.body(), "", violations);
            for (Violation violation : violations) {
                ObjectNode body = sample.body().deepCopy();
                replace(body, violation.pointer(), violation.value());
                Response answer = Operator.request().body(body.toString()).put(sample.path());
                String what = sample.name() + violation.pointer() + " " + violation.bound();
                assertThat(answer.statusCode()).as(what).isEqualTo(422);
                List<String> pointers = answer.path("errors.pointer");
                assertThat(pointers).as(what).anyMatch(pointer -> pointer.startsWith(violation.pointer()));
                broken++;
            }
        }
        // Some hundred bounds: were none found, nothing would have been proved.
        assertThat(broken).isGreaterThan(300);
    }

    private void find(JsonNode reference, JsonNode value, String pointer, List<Violation> violations) {
        JsonNode schema = contract.resolve(reference);
        switch (schema.path("type").asText()) {
            case "object" -> {
                if (!pointer.isEmpty()) {
                    violations.add(new Violation(pointer, TextNode.valueOf("x"), "type"));
                }
                for (JsonNode required : schema.path("required")) {
                    if (value.has(required.asText())) {
                        violations.add(new Violation(pointer + "/" + required.asText(), null, "required"));
                    }
                }
                for (Map.Entry<String, JsonNode> member : value.properties()) {
                    find(
                            schema.path("properties").path(member.getKey()),
                            member.getValue(),
                            pointer + "/" + member.getKey(),
                            violations);
                }
            }
            case "array" -> {
                violations.add(new Violation(pointer, TextNode.valueOf("x"), "type"));
                if (schema.path("minItems").asInt() > 0) {
                    violations.add(new Violation(pointer, Samples.JSON.createArrayNode(), "minItems"));
                }
                if (schema.has("maxItems") && !value.isEmpty()) {
                    violations.add(new Violation(
                            pointer, times(value.get(0), schema.path("maxItems").asInt() + 1), "maxItems"));
                }
                for (int i = 0; i < value.size(); i++) {
                    find(schema.path("items"), value.get(i), pointer + "/" + i, violations);
                }
            }
            case "integer" -> {
                violations.add(new Violation(pointer, TextNode.valueOf("1"), "type"));
                for (String bound : List.of("minimum", "maximum")) {
                    if (schema.has(bound)) {
                        long beyond = schema.path(bound).asLong() + (bound.equals("minimum") ? -1 : 1);
                        violations.add(new Violation(pointer, LongNode.valueOf(beyond), bound));
                    }
                }
                if (schema.has("enum")) {
                    violations.add(new Violation(pointer, IntNode.valueOf(304), "enum"));
                }
            }
            case "string" -> {
                violations.add(new Violation(pointer, IntNode.valueOf(1), "type"));
                if (schema.has("maxLength")) {
                    String text = "/" + "a".repeat(schema.path("maxLength").asInt());
                    violations.add(new Violation(pointer, TextNode.valueOf(text), "maxLength"));
                }
                if (schema.path("minLength").asInt() > 0 || schema.has("enum")) {
                    violations.add(new Violation(pointer, TextNode.valueOf(""), "minLength or enum"));
                }
                if (schema.has("pattern")) {
                    boolean takesWords = Pattern.compile(schema.path("pattern").asText())
                            .matcher("no match #?")
                            .find();
                    violations.add(new Violation(
                            pointer, TextNode.valueOf(takesWords ? "no match\u0001" : "no match #?"), "pattern"));
                }
                if (schema.has("enum")) {
                    violations.add(new Violation(pointer, TextNode.valueOf("nonsense"), "enum"));
                }
            }
            case "boolean" -> violations.add(new Violation(pointer, TextNode.valueOf("true"), "type"));
            default -> throw new AssertionError("no type at " + pointer);
        }
    }

    private static ArrayNode times(JsonNode element, int count) {
        ArrayNode list = Samples.JSON.createArrayNode();
        for (int i = 0; i < count; i++) {
            list.add(element);
        }
        return list;
    }

    private static void replace(ObjectNode root, String pointer, @Nullable JsonNode value) {
        int last = pointer.lastIndexOf('/');
        JsonNode parent = root.at(pointer.substring(0, last));
        String member = pointer.substring(last + 1);
        if (value == null) {
            ((ObjectNode) parent).remove(member);
        } else if (parent instanceof ArrayNode list) {
            list.set(Integer.parseInt(member), value);
        } else {
            ((ObjectNode) parent).set(member, value);
        }
    }
}
