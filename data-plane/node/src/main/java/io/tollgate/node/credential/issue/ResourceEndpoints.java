package io.tollgate.node.credential.issue;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.IntrospectionPolicy;
import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.policy.ProtectedResourcePolicy;
import io.tollgate.engine.token.JsonText;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.node.exchange.OwnEndpoints;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The metadata of APIs that want tokens (RFC 9728). Functions without state. */
final class ResourceEndpoints {
    private ResourceEndpoints() {}

    static void addTo(OwnEndpoints.Builder all, CompiledConfiguration configuration) {
        Map<ProtectedResourcePolicy, Ways> found = new IdentityHashMap<>();
        for (EffectivePolicies policies : configuration.policiesByOrdinal()) {
            ProtectedResourcePolicy resource = policies.find(PolicyType.PROTECTED_RESOURCE);
            if (resource != null) {
                found.computeIfAbsent(resource, first -> new Ways()).add(policies, configuration.tokenIssuers());
            }
        }
        found.forEach((resource, ways) -> all.add(
                resource.place().host(),
                resource.metadataPath(),
                new DocumentEndpoint("application/json", metadata(resource, ways))));
    }

    /** How callers prove themselves on the routes of one resource. One thread. */
    private static final class Ways {
        private final Set<String> issuers = new LinkedHashSet<>();
        private boolean header;
        private boolean query;

        void add(EffectivePolicies policies, TokenIssuers known) {
            JwtPolicy jwt = policies.find(PolicyType.JWT);
            if (jwt != null) {
                jwt.issuerIds().forEach(id -> add(known.find(id)));
                add(jwt.places());
            }
            IntrospectionPolicy asked = policies.find(PolicyType.INTROSPECTION);
            if (asked != null) {
                add(known.find(asked.issuerId()));
                add(asked.places());
            }
        }

        private void add(@Nullable TokenIssuer issuer) {
            if (issuer != null) {
                issuers.add(issuer.issuer());
            }
        }

        private void add(JwtPolicy.Places places) {
            header |= places.headerNames().contains("authorization");
            query |= places.queryParameters().contains("access_token");
        }
    }

    /** RFC 9728, 2. */
    private static String metadata(ProtectedResourcePolicy resource, Ways ways) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("resource", resource.place().url());
        List<String> servers = resource.authorizationServers().isEmpty()
                ? ways.issuers.stream().sorted().toList()
                : resource.authorizationServers();
        if (!servers.isEmpty()) {
            members.put("authorization_servers", servers);
        }
        List<String> methods = new ArrayList<>();
        if (ways.header) {
            methods.add("header");
        }
        if (ways.query) {
            methods.add("query");
        }
        members.put("bearer_methods_supported", Collections.unmodifiableList(methods));
        if (!resource.scopes().isEmpty()) {
            members.put("scopes_supported", resource.scopes());
        }
        if (!resource.documentation().isEmpty()) {
            members.put("resource_documentation", resource.documentation());
        }
        return JsonText.of(members);
    }
}
