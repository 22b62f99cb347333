package io.tollgate.controlplane.admin.contract;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** admin.yaml, read once: its operations, their roles and parameters, and its schemas. Immutable. */
@Singleton
public final class Contract {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete", "patch");

    private final String text;
    private final JsonNode root;
    private final Map<String, Operation> operations = new HashMap<>();

    public Contract() {
        try (InputStream yaml = Contract.class.getResourceAsStream("/admin.yaml")) {
            if (yaml == null) {
                throw new IllegalStateException("admin.yaml is missing from the class path");
            }
            text = new String(yaml.readAllBytes(), StandardCharsets.UTF_8);
            root = new YAMLMapper().readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException("admin.yaml cannot be read", e);
        }
        root.path("paths")
                .properties()
                .forEach(path -> path.getValue().properties().stream()
                        .filter(member -> METHODS.contains(member.getKey()))
                        .forEach(member -> add(path.getKey(), path.getValue(), member.getKey(), member.getValue())));
    }

    private void add(String path, JsonNode item, String method, JsonNode operation) {
        List<Parameter> parameters = new ArrayList<>();
        item.path("parameters").forEach(parameter -> parameters.add(parameter(parameter)));
        operation.path("parameters").forEach(parameter -> parameters.add(parameter(parameter)));
        Set<String> roles = new HashSet<>();
        operation.path("x-roles").forEach(role -> roles.add(role.asText()));
        String id = operation.path("operationId").asText();
        operations.put(
                id,
                new Operation(
                        id,
                        method.toUpperCase(java.util.Locale.ROOT),
                        path,
                        operation.path("tags").path(0).asText(),
                        roles,
                        operation.path("x-teams").asBoolean(),
                        parameters));
    }

    private Parameter parameter(JsonNode node) {
        JsonNode parameter = resolve(node);
        return new Parameter(
                parameter.path("name").asText(),
                parameter.path("in").asText(),
                parameter.path("required").asBoolean(),
                resolve(parameter.path("schema")));
    }

    /** The contract as it was written. */
    public String text() {
        return text;
    }

    public @Nullable Operation operation(String id) {
        return operations.get(id);
    }

    public Map<String, Operation> operations() {
        return Map.copyOf(operations);
    }

    /** The methods that the contract has at a path, in a stable order; none where it has no such path. */
    public Set<String> methodsAt(String path) {
        Set<String> methods = new TreeSet<>();
        for (Operation operation : operations.values()) {
            if (operation.isAt(path)) {
                methods.add(operation.method());
            }
        }
        return methods;
    }

    /** A schema of {@code components}, by name. */
    public JsonNode schema(String name) {
        JsonNode schema = root.path("components").path("schemas").path(name);
        if (schema.isMissingNode()) {
            throw new IllegalArgumentException("admin.yaml has no schema " + name);
        }
        return schema;
    }

    /** The node itself, or what its {@code $ref} points to. */
    public JsonNode resolve(JsonNode node) {
        JsonNode reference = node.get("$ref");
        return reference == null ? node : resolve(root.at(reference.asText().substring(1)));
    }
}
