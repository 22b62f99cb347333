package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.policy.ProtectedResourcePolicy;
import io.tollgate.engine.token.IssuerPlace;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.ProtectedResource;
import java.util.Objects;

/** Policies of the type protected-resource. Compile thread only. */
final class ProtectedResourceCompiler implements PolicyRules<ProtectedResource, ProtectedResourcePolicy> {
    private static final int SERVERS_MAX = 16;
    private static final int SCOPES_MAX = 128;

    @Override
    public PolicyType<ProtectedResourcePolicy> type() {
        return PolicyType.PROTECTED_RESOURCE;
    }

    @Override
    public ProtectedResource config(Policy policy) {
        return policy.getProtectedResource();
    }

    @Override
    public void check(ProtectedResource config, ObjectProblems problems) {
        String at = "/protected_resource/";
        if (IssuerPlace.of(config.getResource()) == null || !TokenIssuerCompiler.isFetchable(config.getResource())) {
            problems.add(
                    at + "resource",
                    config.getResource(),
                    "a URL whose host leads to nodes: https, or http on the node's own machine, with a path of letters, digits"
                            + " and ._~- and nothing behind it");
        }
        TokenIssuerCompiler.checkTexts(
                at + "authorization_servers", config.getAuthorizationServersList(), SERVERS_MAX, problems);
        TokenIssuerCompiler.checkCount(at + "scopes", config.getScopesCount(), 0, SCOPES_MAX, problems);
        for (int i = 0; i < config.getScopesCount(); i++) {
            if (!Scopes.isToken(config.getScopes(i))) {
                problems.add(at + "scopes/" + i, config.getScopes(i), "a scope (RFC 6749, 3.3)");
            }
        }
    }

    @Override
    public ProtectedResourcePolicy compile(ProtectedResource config, Policy policy) {
        return new ProtectedResourcePolicy(
                Objects.requireNonNull(IssuerPlace.of(config.getResource()), "a URL that was checked"),
                config.getAuthorizationServersList(),
                config.getScopesList(),
                config.getDocumentation());
    }

    @Override
    public String words(ProtectedResource config) {
        return "metadata of " + config.getResource();
    }
}
