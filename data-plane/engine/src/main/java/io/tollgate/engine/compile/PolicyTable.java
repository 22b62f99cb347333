package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.Policy;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The types of policies. Compile thread only. */
final class PolicyTable {
    private final Map<Policy.ConfigCase, PolicyRules<?, ?>> byCase = new EnumMap<>(Policy.ConfigCase.class);

    PolicyTable(LimitCompiler limits) {
        List<PolicyRules<?, ?>> all = List.of(
                new KeyAuthCompiler(),
                new RateLimitCompiler(limits),
                new IdentityHeadersCompiler(),
                new RequestTargetCompiler(),
                new FaultInjectionCompiler(),
                new CompressionCompiler(),
                new HttpsRedirectCompiler(),
                new HstsCompiler(),
                new CredentialThrottleCompiler(),
                new AccessCompiler(),
                new CorsCompiler(),
                new SecurityHeadersCompiler(),
                new ForwardAuthCompiler(),
                new ClientFilterCompiler(),
                new JwtCompiler(),
                new BasicAuthCompiler(),
                new HttpSignatureCompiler(),
                new ClientCertificateCompiler(),
                new IntrospectionCompiler(),
                new CallerIdentityCompiler(),
                new ProtectedResourceCompiler());
        for (PolicyRules<?, ?> rules : all) {
            byCase.put(Policy.ConfigCase.valueOf(rules.type().member().toUpperCase(Locale.ROOT)), rules);
        }
    }

    /** What is known of the type of this policy; null when it has none. */
    @Nullable
    PolicyRules<?, ?> find(Policy policy) {
        return byCase.get(policy.getConfigCase());
    }

    /** What is known of the type of a policy that was checked. */
    PolicyRules<?, ?> get(Policy policy) {
        PolicyRules<?, ?> rules = find(policy);
        if (rules == null) {
            throw new IllegalStateException(policy.getId() + " was checked");
        }
        return rules;
    }

    /** All of their words, for people. */
    String words() {
        List<String> words =
                byCase.values().stream().map(rules -> rules.type().word()).toList();
        int last = words.size() - 1;
        return String.join(", ", words.subList(0, last)) + " or " + words.get(last);
    }
}
