package io.tollgate.controlplane.catalog.policy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import org.jspecify.annotations.Nullable;

/** Who may call what, from where and when. What is stored has its consumers by id. Immutable. */
public record AccessConfig(List<Rule> rules) implements PolicyConfig {
    /** Copies the list. */
    public AccessConfig {
        rules = List.copyOf(rules);
    }

    /** Holds where everything that it names does. Immutable. */
    public record Rule(
            String effect,
            List<String> methods,
            List<String> groups,
            List<String> scopes,
            @JsonProperty("any_scopes") List<String> anyScopes,
            List<String> consumers,
            List<String> networks,
            @JsonProperty("time_windows") List<Window> timeWindows,
            @Nullable String expression) {
        private Rule of(List<String> otherConsumers) {
            return new Rule(
                    effect, methods, groups, scopes, anyScopes, otherConsumers, networks, timeWindows, expression);
        }
    }

    /** A time of day by the clock on the wall. Immutable. */
    public record Window(
            List<String> days,
            String from,
            String to,
            @JsonProperty("time_zone") String timeZone) {}

    @Override
    public String type() {
        return "access";
    }

    /** The same with each consumer as this says, which is told where it is named. */
    public AccessConfig withConsumers(BiFunction<String, String, String> edit) {
        List<Rule> edited = new ArrayList<>();
        for (Rule rule : rules) {
            List<String> consumers = new ArrayList<>();
            for (String consumer : rule.consumers()) {
                String at = "/access/rules/" + edited.size() + "/consumers/" + consumers.size();
                consumers.add(edit.apply(consumer, at));
            }
            edited.add(rule.of(consumers));
        }
        return new AccessConfig(edited);
    }

    void judge(FieldFaults faults) {
        for (int i = 0; i < rules.size(); i++) {
            Rule rule = rules.get(i);
            Map<String, List<String>> lists = new HashMap<>();
            lists.put("methods", rule.methods());
            lists.put("groups", rule.groups());
            lists.put("scopes", rule.scopes());
            lists.put("any_scopes", rule.anyScopes());
            lists.put("consumers", rule.consumers());
            lists.put("networks", rule.networks());
            String at = "/access/rules/" + i;
            lists.forEach((member, list) -> faults.duplicates(at + "/" + member, list));
            for (int j = 0; j < rule.timeWindows().size(); j++) {
                faults.duplicates(
                        at + "/time_windows/" + j + "/days",
                        rule.timeWindows().get(j).days());
            }
        }
    }
}
