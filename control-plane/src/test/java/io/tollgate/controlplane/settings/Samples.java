package io.tollgate.controlplane.settings;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.tollgate.controlplane.stream.Operator;
import io.tollgate.engine.fixture.TestAuthority;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Objects that say everything there is to say, as an operator writes them. */
final class Samples {
    static final ObjectMapper JSON = new ObjectMapper();

    private static final TestAuthority AUTHORITY = TestAuthority.root("samples");
    private static final TestAuthority.Issued ISSUED = AUTHORITY.ecdsaFor("samples.example.com");
    private static final JsonNode ALL = read();

    private Samples() {}

    /**
     * One object.
     *
     * @param schema its schema in the contract
     * @param expected the message that nodes get, in text format, without what the database chooses
     */
    record Sample(String schema, String collection, ObjectNode body, String expected) {
        String name() {
            return body.path("name").asText();
        }

        String path() {
            return "/v1/" + collection + "/" + name();
        }
    }

    /** All of them, those that others refer to first. */
    static List<Sample> all() {
        return ALL.valueStream()
                .map(one -> new Sample(
                        one.path("schema").asText(),
                        one.path("collection").asText(),
                        one.withObject("body").deepCopy(),
                        one.path("expected").asText()))
                .toList();
    }

    static Sample named(String name) {
        return all().stream()
                .filter(sample -> sample.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no sample " + name));
    }

    /** Writes them, whatever was there before. */
    static void putAll() {
        Operator.put(
                "/v1/certificates/samples",
                JSON.createObjectNode()
                        .put("name", "samples")
                        .put("certificate_chain", ISSUED.chainPem())
                        .put("private_key", ISSUED.keyPem())
                        .toString());
        Operator.put(
                "/v1/trust-roots/samples",
                JSON.createObjectNode()
                        .put("name", "samples")
                        .put("certificates", AUTHORITY.certificatePem())
                        .toString());
        Operator.put("/v1/plans/samples", "{\"name\": \"samples\"}");
        all().forEach(sample -> Operator.put(sample.path(), sample.body().toString()));
    }

    private static JsonNode read() {
        try (InputStream yaml = Samples.class.getResourceAsStream("/settings/samples.yaml")) {
            return new YAMLMapper().readTree(yaml);
        } catch (IOException e) {
            throw new UncheckedIOException("the samples cannot be read", e);
        }
    }
}
