package io.tollgate.engine.compile;

import com.google.re2j.Pattern;
import io.tollgate.engine.policy.ClientFilterPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.route.MethodSet;
import io.tollgate.proto.config.v1.ClientFilter;
import io.tollgate.proto.config.v1.Policy;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/** Policies of the type client-filter. Compile thread only. */
final class ClientFilterCompiler implements PolicyRules<ClientFilter, ClientFilterPolicy> {
    private static final int METHODS_MAX = 16;
    private static final int PATTERNS_MAX = 16;
    /** Of all patterns together: each is asked with every call, by whomever. */
    private static final int PROGRAMS_MAX = 2 * RegexText.PROGRAM_MAX;

    @Override
    public PolicyType<ClientFilterPolicy> type() {
        return PolicyType.CLIENT_FILTER;
    }

    @Override
    public ClientFilter config(Policy policy) {
        return policy.getClientFilter();
    }

    @Override
    public void check(ClientFilter policy, ObjectProblems problems) {
        checkMethods("/client_filter/allowed_methods", policy.getAllowedMethodsList(), problems);
        checkMethods("/client_filter/denied_methods", policy.getDeniedMethodsList(), problems);
        long steps = checkPatterns("/client_filter/allowed_user_agents", policy.getAllowedUserAgentsList(), problems)
                + checkPatterns("/client_filter/denied_user_agents", policy.getDeniedUserAgentsList(), problems);
        if (steps > PROGRAMS_MAX) {
            problems.add(
                    "/client_filter",
                    "expressions of " + steps + " steps",
                    "shorter ones: together their programs may have " + PROGRAMS_MAX + " steps");
        }
    }

    private static void checkMethods(String at, List<String> methods, ObjectProblems problems) {
        TokenIssuerCompiler.checkCount(at, methods.size(), 0, METHODS_MAX, problems);
        for (int i = 0; i < methods.size(); i++) {
            if (!AccessCompiler.METHOD.matcher(methods.get(i)).matches()) {
                problems.add(at + "/" + i, methods.get(i), "a method in upper case");
            }
        }
    }

    private static long checkPatterns(String at, List<String> texts, ObjectProblems problems) {
        TokenIssuerCompiler.checkCount(at, texts.size(), 0, PATTERNS_MAX, problems);
        long steps = 0;
        for (int i = 0; i < texts.size(); i++) {
            String expected = RegexText.wrong(texts.get(i));
            if (expected != null) {
                problems.add(at + "/" + i, texts.get(i), expected);
            } else {
                steps += Pattern.compile(texts.get(i)).programSize();
            }
        }
        return steps;
    }

    @Override
    public ClientFilterPolicy compile(ClientFilter config, Policy policy) {
        return new ClientFilterPolicy(
                policy.getName(),
                MethodSet.of(config.getAllowedMethodsList()),
                new HashSet<>(config.getDeniedMethodsList()),
                config.getAllowedUserAgentsList().stream().map(Pattern::compile).toList(),
                config.getDeniedUserAgentsList().stream().map(Pattern::compile).toList());
    }

    @Override
    public String words(ClientFilter config) {
        List<String> words = new ArrayList<>();
        add(words, "methods ", config.getAllowedMethodsList());
        add(words, "no methods ", config.getDeniedMethodsList());
        add(words, "user agents with ", config.getAllowedUserAgentsList());
        add(words, "no user agents with ", config.getDeniedUserAgentsList());
        return words.isEmpty() ? "all clients" : String.join("; ", words);
    }

    private static void add(List<String> words, String what, List<String> values) {
        if (!values.isEmpty()) {
            words.add(what + String.join(", ", values));
        }
    }
}
