package io.tollgate.controlplane.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.dialect.Dialects;
import io.restassured.http.Header;
import io.restassured.response.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * admin.yaml as its readers have it: read here once more and judged by a JSON Schema validator, so that nothing of the control plane's own
 * reading of it takes part. Stricter than the document in one thing: an object of an answer has the members that are written down and no
 * others. Immutable.
 */
final class PublishedContract {
    static final String PROBLEM_TYPE = "application/problem+json";

    /** What HTTP itself answers, whatever the operation (RFC 9110): known already, wrong method, unwanted type, too much. */
    private static final Set<Integer> STATUSES_OF_HTTP = Set.of(304, 405, 406, 413);

    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch", "head", "options");
    private static final JsonMapper JSON = new JsonMapper();
    private static final PublishedContract READ = new PublishedContract();

    private final ObjectNode root;
    private final List<Operation> operations = new ArrayList<>();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(
            Dialects.getDraft202012(),
            builder -> builder.schemaRegistryConfig(
                    SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));
    private final Map<JsonNode, Schema> schemas = new ConcurrentHashMap<>();

    /** One operation. Immutable. */
    record Operation(
            String id,
            String method,
            String path,
            Set<String> roles,
            boolean forTeams,
            Pattern paths,
            JsonNode responses) {
        /** The path with something in place of each parameter. */
        String anyPath() {
            return path.replaceAll("\\{(subscription|token)}", "00000000-0000-0000-0000-000000000001")
                    .replace("{revision}", "1")
                    .replaceAll("\\{[a-z]+}", "nobody");
        }
    }

    private PublishedContract() {
        try (InputStream yaml = PublishedContract.class.getResourceAsStream("/admin.yaml")) {
            root = (ObjectNode) new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("admin.yaml cannot be read", e);
        }
        closeObjects(root.path("components").path("schemas"));
        for (Map.Entry<String, JsonNode> path : root.path("paths").properties()) {
            for (Map.Entry<String, JsonNode> member : path.getValue().properties()) {
                if (METHODS.contains(member.getKey())) {
                    operations.add(operation(path.getKey(), member.getKey(), member.getValue()));
                }
            }
        }
    }

    static PublishedContract read() {
        return READ;
    }

    private static Operation operation(String path, String method, JsonNode node) {
        Set<String> roles = new TreeSet<>();
        node.path("x-roles").forEach(role -> roles.add(role.asText()));
        return new Operation(
                node.path("operationId").asText(),
                method.toUpperCase(Locale.ROOT),
                path,
                roles,
                node.path("x-teams").asBoolean(),
                Pattern.compile(path.replaceAll("\\{[a-z]+}", "[^/]+")),
                node.path("responses"));
    }

    private static void closeObjects(JsonNode node) {
        if (node instanceof ObjectNode object
                && object.path("properties").isObject()
                && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
        node.forEach(PublishedContract::closeObjects);
    }

    List<Operation> operations() {
        return operations;
    }

    Operation operation(String id) {
        return operations.stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst()
                .orElseThrow();
    }

    /** Every role that there is. */
    Set<String> roles() {
        Set<String> roles = new TreeSet<>();
        root.at("/components/schemas/Role/enum").forEach(role -> roles.add(role.asText()));
        return roles;
    }

    /** Where an answer breaks the contract; empty when it keeps it. */
    List<String> faults(String method, String path, Response answer) {
        Operation operation = operations.stream()
                .filter(one -> one.method().equals(method))
                .filter(one -> one.paths().matcher(path).matches())
                .findFirst()
                .orElse(null);
        List<String> faults = new ArrayList<>();
        JsonNode declared = operation == null ? null : declared(operation, answer.statusCode());
        if (declared != null) {
            judge(declared, answer, faults);
        } else if (answer.statusCode() == 304) {
            judgeNotModified(answer, faults);
        } else if (operation == null ? answer.statusCode() >= 400 : STATUSES_OF_HTTP.contains(answer.statusCode())) {
            judgeContent(problemContent(), answer, faults);
        } else {
            faults.add(answer.statusCode() + " (expected: a status that admin.yaml declares)");
        }
        if (answer.statusCode() >= 400) {
            judgeProblem(answer, faults);
        }
        return faults.stream()
                .map(fault -> method + " " + path + ": " + fault + "; " + answer.asString())
                .toList();
    }

    private @Nullable JsonNode declared(Operation operation, int status) {
        JsonNode response = operation.responses().get(Integer.toString(status));
        return response == null ? null : resolve(response);
    }

    private JsonNode problemContent() {
        return root.at("/components/responses/BadRequest/content");
    }

    private void judge(JsonNode declared, Response answer, List<String> faults) {
        for (Map.Entry<String, JsonNode> header : declared.path("headers").properties()) {
            String value = answer.header(header.getKey());
            if (value == null) {
                // Ours are always there, but for those that say otherwise.
                if (resolve(header.getValue()).path("required").asBoolean(true)) {
                    faults.add("header " + header.getKey() + " is absent");
                }
            } else {
                JsonNode schema = resolve(header.getValue()).path("schema");
                JsonNode json = schema.path("type").asText().equals("integer") && value.matches("\\d{1,18}")
                        ? JsonNodeFactory.instance.numberNode(Long.parseLong(value))
                        : JsonNodeFactory.instance.textNode(value);
                judge(schema, json, "header " + header.getKey(), faults);
            }
        }
        judgeContent(declared.path("content"), answer, faults);
    }

    private static void judgeNotModified(Response answer, List<String> faults) {
        if (answer.header("ETag") == null || !answer.asString().isEmpty()) {
            faults.add("304 with a body or without an ETag");
        }
    }

    private void judgeContent(JsonNode content, Response answer, List<String> faults) {
        if (content.isMissingNode()) {
            if (answer.asByteArray().length > 0) {
                faults.add("a body (expected: none)");
            }
            return;
        }
        String type = answer.contentType().split(";", -1)[0].strip();
        JsonNode medium = content.get(type);
        if (medium == null) {
            faults.add("Content-Type " + answer.contentType() + " (expected: one of " + content + ")");
        } else if (type.endsWith("json")) {
            try {
                judge(medium.path("schema"), JSON.readTree(answer.asString()), "body", faults);
            } catch (IOException e) {
                faults.add("a body that is no JSON");
            }
        }
    }

    /** What RFC 9457 wants beyond the shape: the status is that of the answer, and type and title say something. */
    private static void judgeProblem(Response answer, List<String> faults) {
        if (!PROBLEM_TYPE.equals(answer.contentType())) {
            faults.add("Content-Type " + answer.contentType() + " (expected: " + PROBLEM_TYPE + ")");
            return;
        }
        if (answer.<Integer>path("status") != answer.statusCode()) {
            faults.add("a problem of another status than " + answer.statusCode());
        }
        if (!answer.<String>path("type").startsWith("urn:tollgate:problem:")
                || answer.<String>path("title").isBlank()
                || answer.<String>path("detail").isBlank()) {
            faults.add("a problem that does not say what it is");
        }
        for (Header header : answer.headers().getList("WWW-Authenticate")) {
            if (!header.getValue().startsWith("Bearer realm=")) {
                faults.add("WWW-Authenticate " + header.getValue());
            }
        }
        if (answer.statusCode() == 401 && answer.header("WWW-Authenticate") == null) {
            faults.add("401 without WWW-Authenticate");
        }
    }

    private void judge(JsonNode schema, JsonNode value, String where, List<String> faults) {
        Schema judge = schemas.computeIfAbsent(schema, this::compiled);
        judge.validate(value)
                .forEach(error ->
                        faults.add(where + error.getInstanceLocation() + " " + error.getMessage() + " was " + value));
    }

    private Schema compiled(JsonNode schema) {
        ObjectNode document = schema.deepCopy();
        document.set("components", root.path("components"));
        return registry.getSchema(document);
    }

    private JsonNode resolve(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : resolve(root.at(reference.asText().substring(1)));
    }
}
