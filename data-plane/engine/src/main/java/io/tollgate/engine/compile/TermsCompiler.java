package io.tollgate.engine.compile;

import com.github.benmanes.caffeine.cache.Interner;
import io.tollgate.engine.address.Network;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.Deprecation;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.consumer.Terms;
import io.tollgate.proto.config.v1.Credential;
import io.tollgate.proto.config.v1.KeyEnvironment;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Terms of credentials: checks them and makes equal ones the same object. Compile thread only. */
final class TermsCompiler {
    /** Each is looked at with every call of a key that names any. */
    static final int NETWORKS_MAX = 32;

    private static final String NETWORK_EXPECTED = "a network such as 192.0.2.0/24 or 2001:db8::/32";
    static final String SCOPE_EXPECTED =
            "1 to " + Scopes.CHARACTERS_MAX + " printable ASCII characters but space, quote and backslash";

    private final Interner<Terms> known = Interner.newWeakInterner();

    void check(Credential credential, ObjectProblems problems) {
        if (credential.getScopesCount() > Scopes.COUNT_MAX) {
            problems.add("/scopes", credential.getScopesCount() + " scopes", "at most " + Scopes.COUNT_MAX);
        }
        for (int i = 0; i < credential.getScopesCount(); i++) {
            if (!Scopes.isToken(credential.getScopes(i))) {
                problems.add("/scopes/" + i, credential.getScopes(i), SCOPE_EXPECTED);
            }
        }
        if (credential.getNetworksCount() > NETWORKS_MAX) {
            problems.add("/networks", credential.getNetworksCount() + " networks", "at most " + NETWORKS_MAX);
        }
        for (int i = 0; i < credential.getNetworksCount(); i++) {
            if (Network.parse(credential.getNetworks(i)) == null) {
                problems.add("/networks/" + i, credential.getNetworks(i), NETWORK_EXPECTED);
            }
        }
        if (credential.getEnvironment() == KeyEnvironment.UNRECOGNIZED) {
            problems.add("/environment", credential.getEnvironmentValue(), "live or test");
        }
        if (credential.getDeprecatedAtMillis() < 0) {
            problems.add("/deprecated_at", credential.getDeprecatedAtMillis() + " ms", "0 or more");
        }
    }

    /** The terms of a credential that was checked. */
    Terms compile(Credential credential) {
        boolean test = credential.getEnvironment() == KeyEnvironment.KEY_ENVIRONMENT_TEST;
        if (credential.getScopesCount() + credential.getNetworksCount() == 0
                && credential.getDeprecatedAtMillis() == 0) {
            return test ? Terms.TEST : Terms.LIVE;
        }
        return known.intern(new Terms(
                Scopes.of(credential.getScopesList()),
                test ? ApiKey.Environment.TEST : ApiKey.Environment.LIVE,
                networks(credential),
                deprecation(credential)));
    }

    private static @Nullable Deprecation deprecation(Credential credential) {
        long end = credential.getExpiresAtMillis();
        return credential.getDeprecatedAtMillis() == 0
                ? null
                : Deprecation.of(credential.getDeprecatedAtMillis(), end == 0 ? Long.MAX_VALUE : end);
    }

    private static List<Network> networks(Credential credential) {
        return credential.getNetworksList().stream()
                .map(text -> {
                    Network network = Network.parse(text);
                    if (network == null) {
                        throw new IllegalStateException(credential.getId() + " was checked");
                    }
                    return network;
                })
                .toList();
    }

    /** What the wire means; null when it means nothing. */
    static ApiKey.@Nullable Environment environment(KeyEnvironment wire) {
        return switch (wire) {
            case KEY_ENVIRONMENT_LIVE -> ApiKey.Environment.LIVE;
            case KEY_ENVIRONMENT_TEST -> ApiKey.Environment.TEST;
            default -> null;
        };
    }
}
