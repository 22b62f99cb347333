package io.tollgate.controlplane.admin.contract;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the contract shows as an example, and says as a default, is what the contract allows. */
class ExamplesTest {
    private final Contract contract = new Contract();
    private final SchemaJudge judge = new SchemaJudge(contract);
    private final Set<JsonNode> seen = new HashSet<>();
    private int examples;

    @Test
    void everyMemberOfWhatOperatorsWrite_hasAnExampleThatIsValid() {
        for (String schema :
                new String[] {"Service", "Route", "Policy", "Certificate", "TrustRoot", "AcmeChallenge", "AcmeIssuer"
                }) {
            look(contract.schema(schema), schema);
        }
        assertThat(examples).isGreaterThan(100);
    }

    private void look(JsonNode reference, String where) {
        JsonNode schema = contract.resolve(reference);
        if (!seen.add(schema)) {
            return;
        }
        for (Map.Entry<String, JsonNode> member : schema.path("properties").properties()) {
            JsonNode property = contract.resolve(member.getValue());
            String at = where + "." + member.getKey();
            boolean isList = property.path("type").asText().equals("array");
            JsonNode element = isList ? contract.resolve(property.path("items")) : property;
            if (element.path("type").asText().equals("object")) {
                look(element, at);
            } else if (!property.path("readOnly").asBoolean()
                    && !member.getValue().has("$ref")) {
                assertThat(property.has("example")).as(at + " has an example").isTrue();
                assertThat(judge.judge(property, property.get("example"), ""))
                        .as(at + " as its example")
                        .isEmpty();
                examples++;
            }
            if (property.has("default")) {
                assertThat(judge.judge(property, property.get("default"), ""))
                        .as(at + " as its default")
                        .isEmpty();
            }
        }
    }
}
