package io.tollgate.engine.compile;

import io.tollgate.engine.access.AccessRule;
import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.access.TimeWindow;
import io.tollgate.engine.access.TimeWindows;
import io.tollgate.engine.address.Network;
import io.tollgate.engine.address.NetworkTrie;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.expression.Expression;
import io.tollgate.engine.expression.ExpressionFault;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.route.MethodSet;
import io.tollgate.proto.config.v1.Access;
import io.tollgate.proto.config.v1.AccessEffect;
import io.tollgate.proto.config.v1.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Policies of the type access. Compile thread only. */
final class AccessCompiler implements PolicyRules<Access, AccessRules> {
    /** All of them are asked for a call of which none holds. */
    private static final int RULES_MAX = 64;

    private static final int METHODS_MAX = 16;
    private static final int GROUPS_MAX = 32;
    private static final int CONSUMERS_MAX = 256;
    /** An address is looked up in as many steps as it has bits at most, however many there are. */
    private static final int NETWORKS_MAX = 1_024;

    private static final int WINDOWS_MAX = 16;

    static final Pattern METHOD = Pattern.compile("[A-Z][A-Z-]{0,31}");
    private static final String NETWORK_EXPECTED = "a network such as 192.0.2.0/24 or 2001:db8::/32";
    private static final String EXPRESSION_EXPECTED = "an expression in CEL that is true or false";

    @Override
    public PolicyType<AccessRules> type() {
        return PolicyType.ACCESS;
    }

    @Override
    public Access config(Policy policy) {
        return policy.getAccess();
    }

    @Override
    public void check(Access policy, ObjectProblems problems) {
        atMost(policy.getRulesCount(), RULES_MAX, "/access/rules", problems);
        long steps = 0;
        for (int i = 0; i < policy.getRulesCount(); i++) {
            check(policy.getRules(i), "/access/rules/" + i, problems);
            long before = steps;
            steps += expressionSteps(policy.getRules(i).getExpression(), "/access/rules/" + i, problems);
            if (steps > Expression.POLICY_STEPS_MAX && before <= Expression.POLICY_STEPS_MAX) {
                problems.add(
                        "/access/rules/" + i + "/expression",
                        "up to " + steps + " steps up to here",
                        "at most " + Expression.POLICY_STEPS_MAX + " steps of all expressions of a policy together");
            }
        }
    }

    /** What it costs at most; told when it is none. */
    private static long expressionSteps(String text, String at, ObjectProblems problems) {
        if (text.isEmpty()) {
            return 0;
        }
        try {
            return Expression.compile(text, RegexText::wrong).steps();
        } catch (ExpressionFault e) {
            problems.add(at + "/expression", e.words(), EXPRESSION_EXPECTED);
            return 0;
        }
    }

    private static void check(io.tollgate.proto.config.v1.AccessRule rule, String at, ObjectProblems problems) {
        if (rule.getEffect() != AccessEffect.ACCESS_EFFECT_ALLOW
                && rule.getEffect() != AccessEffect.ACCESS_EFFECT_DENY) {
            problems.add(at + "/effect", rule.getEffectValue(), "allow or deny");
        }
        atMost(rule.getMethodsCount(), METHODS_MAX, at + "/methods", problems);
        for (int i = 0; i < rule.getMethodsCount(); i++) {
            if (!METHOD.matcher(rule.getMethods(i)).matches()) {
                problems.add(at + "/methods/" + i, rule.getMethods(i), "a method in upper case");
            }
        }
        atMost(rule.getGroupsCount(), GROUPS_MAX, at + "/groups", problems);
        checkScopes(rule.getScopesList(), at + "/scopes", problems);
        checkScopes(rule.getAnyScopesList(), at + "/any_scopes", problems);
        atMost(rule.getConsumersCount(), CONSUMERS_MAX, at + "/consumers", problems);
        atMost(rule.getNetworksCount(), NETWORKS_MAX, at + "/networks", problems);
        for (int i = 0; i < rule.getNetworksCount(); i++) {
            if (Network.parse(rule.getNetworks(i)) == null) {
                problems.add(at + "/networks/" + i, rule.getNetworks(i), NETWORK_EXPECTED);
            }
        }
        atMost(rule.getTimeWindowsCount(), WINDOWS_MAX, at + "/time_windows", problems);
        for (int i = 0; i < rule.getTimeWindowsCount(); i++) {
            TimeWindowText.check(rule.getTimeWindows(i), at + "/time_windows/" + i, problems);
        }
    }

    private static void checkScopes(List<String> scopes, String at, ObjectProblems problems) {
        atMost(scopes.size(), Scopes.COUNT_MAX, at, problems);
        for (int i = 0; i < scopes.size(); i++) {
            if (!Scopes.isToken(scopes.get(i))) {
                problems.add(at + "/" + i, scopes.get(i), TermsCompiler.SCOPE_EXPECTED);
            }
        }
    }

    private static void atMost(int count, int most, String at, ObjectProblems problems) {
        if (count > most) {
            problems.add(at, count, "at most " + most);
        }
    }

    @Override
    public AccessRules compile(Access config, Policy policy) {
        return new AccessRules(
                policy.getName(),
                config.getRulesList().stream().map(AccessCompiler::rule).toList());
    }

    private static AccessRule rule(io.tollgate.proto.config.v1.AccessRule rule) {
        List<Network> networks = new ArrayList<>();
        for (String text : rule.getNetworksList()) {
            Network network = Network.parse(text);
            if (network == null) {
                throw new IllegalStateException(text + " was checked");
            }
            networks.add(network);
        }
        List<TimeWindow> windows =
                rule.getTimeWindowsList().stream().map(TimeWindowText::window).toList();
        return new AccessRule(
                rule.getEffect() == AccessEffect.ACCESS_EFFECT_ALLOW,
                MethodSet.of(rule.getMethodsList()),
                new HashSet<>(rule.getGroupsList()),
                rule.getScopesList(),
                rule.getAnyScopesList(),
                new HashSet<>(rule.getConsumersList()),
                NetworkTrie.of(networks),
                TimeWindows.of(windows),
                expression(rule.getExpression()));
    }

    private static @Nullable Expression expression(String text) {
        if (text.isEmpty()) {
            return null;
        }
        try {
            return Expression.compile(text, RegexText::wrong);
        } catch (ExpressionFault e) {
            throw new IllegalStateException(text + " was checked", e);
        }
    }

    @Override
    public String words(Access config) {
        List<String> words = new ArrayList<>();
        for (io.tollgate.proto.config.v1.AccessRule rule : config.getRulesList()) {
            words.add((words.size() + 1) + ". " + words(rule));
        }
        return words.isEmpty() ? "no rules, every call passes" : String.join("; ", words) + "; else deny";
    }

    private static String words(io.tollgate.proto.config.v1.AccessRule rule) {
        StringBuilder out = new StringBuilder(rule.getEffect() == AccessEffect.ACCESS_EFFECT_ALLOW ? "allow" : "deny");
        append(out, "methods", rule.getMethodsList());
        append(out, "groups", rule.getGroupsList());
        append(out, "scopes", rule.getScopesList());
        append(out, "any scopes", rule.getAnyScopesList());
        append(out, "consumers", rule.getConsumersList());
        append(out, "networks", rule.getNetworksList());
        append(
                out,
                "times",
                rule.getTimeWindowsList().stream().map(TimeWindowText::words).toList());
        if (!rule.getExpression().isEmpty()) {
            out.append(" where ").append(rule.getExpression());
        }
        return out.toString();
    }

    private static void append(StringBuilder out, String what, List<String> values) {
        if (!values.isEmpty()) {
            int told = Math.min(values.size(), 5);
            out.append(' ').append(what).append(' ').append(String.join(", ", values.subList(0, told)));
            if (told < values.size()) {
                out.append(" and ").append(values.size() - told).append(" more");
            }
        }
    }
}
