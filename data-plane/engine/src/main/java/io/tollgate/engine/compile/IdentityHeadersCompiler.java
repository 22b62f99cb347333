package io.tollgate.engine.compile;

import io.tollgate.engine.policy.PolicyType;
import io.tollgate.proto.config.v1.IdentityHeaders;
import io.tollgate.proto.config.v1.Policy;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

/** Policies of the type identity-headers. Compile thread only. */
final class IdentityHeadersCompiler
        implements PolicyRules<IdentityHeaders, io.tollgate.engine.consumer.IdentityHeaders> {
    @Override
    public PolicyType<io.tollgate.engine.consumer.IdentityHeaders> type() {
        return PolicyType.IDENTITY_HEADERS;
    }

    @Override
    public IdentityHeaders config(Policy policy) {
        return policy.getIdentityHeaders();
    }

    @Override
    public void check(IdentityHeaders policy, ObjectProblems problems) {
        Set<String> names = new HashSet<>();
        check("consumer_id", policy.getConsumerId(), names, problems);
        check("consumer_name", policy.getConsumerName(), names, problems);
        check("consumer_groups", policy.getConsumerGroups(), names, problems);
        check("credential_id", policy.getCredentialId(), names, problems);
        check("plan_name", policy.getPlanName(), names, problems);
        check("scopes", policy.getScopes(), names, problems);
    }

    private static void check(String field, String name, Set<String> names, ObjectProblems problems) {
        if (name.isEmpty()) {
            return;
        }
        if (!NameText.isHeader(name)) {
            problems.add("/identity_headers/" + field, name, NameText.HEADER_EXPECTED);
        } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
            problems.add("/identity_headers/" + field, name, "different headers");
        }
    }

    @Override
    public io.tollgate.engine.consumer.IdentityHeaders compile(IdentityHeaders config, Policy policy) {
        return new io.tollgate.engine.consumer.IdentityHeaders(
                config.getConsumerId(),
                config.getConsumerName(),
                config.getConsumerGroups(),
                config.getCredentialId(),
                config.getPlanName(),
                config.getScopes());
    }

    @Override
    public String words(IdentityHeaders config) {
        return "headers that tell the service who calls";
    }
}
