package io.tollgate.engine.compile;

import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialIndex;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.policy.CorsPolicy;
import io.tollgate.engine.policy.CredentialThrottlePolicy;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.SecurityHeadersPolicy;
import io.tollgate.engine.route.DuplicateSlashes;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteIndex;
import io.tollgate.engine.tls.AcmeAnswers;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.engine.tls.TrustRoot;
import io.tollgate.engine.token.TokenIssuers;
import io.tollgate.engine.upstream.Upstream;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One configuration as requests follow it. Immutable; made by {@link ConfigurationCompiler} only. What did not change
 * since the configuration before is the same object in both.
 *
 * @param revision its number
 * @param digest of all its objects, 32 bytes; see {@link ConfigurationDigest}
 * @param routes finds the route of a request
 * @param routesByOrdinal all routes, also the disabled ones
 * @param policiesByOrdinal what applies to the calls of each route
 * @param duplicateSlashes what becomes of several slashes in a row before anything is matched
 * @param hsts what answers over https say where no route does; null when nothing
 * @param cors what browsers are told where no route says it; null when nothing
 * @param securityHeaders which fields answers have where no route says it; null when none
 * @param credentialThrottle how many bad credentials may come from one source
 * @param credentials finds the credential of a key
 * @param keyDigestSecret for {@link io.tollgate.engine.consumer.KeyHasher}; 32 bytes
 * @param bindings finds whom something proves that is no key
 * @param tokenIssuers whose tokens are believed
 * @param upstreams by id of the service
 * @param certificates by id; those that are still to be got are not there
 * @param trustRoots by id
 * @param listeners the enabled ones, by name
 * @param acmeAnswers what ACME servers get
 * @param plans how many there are
 * @param consumers how many there are
 * @param revoked who must not get through although a credential of this configuration says so
 * @param linkage what the next compilation starts from
 */
public record CompiledConfiguration(
        long revision,
        byte[] digest,
        RouteIndex routes,
        List<Route> routesByOrdinal,
        List<EffectivePolicies> policiesByOrdinal,
        DuplicateSlashes duplicateSlashes,
        @Nullable HstsPolicy hsts,
        @Nullable CorsPolicy cors,
        @Nullable SecurityHeadersPolicy securityHeaders,
        CredentialThrottlePolicy credentialThrottle,
        CredentialIndex credentials,
        byte[] keyDigestSecret,
        CredentialBindings bindings,
        TokenIssuers tokenIssuers,
        Map<String, Upstream> upstreams,
        Map<String, Certificate> certificates,
        Map<String, TrustRoot> trustRoots,
        List<ListenerRules> listeners,
        AcmeAnswers acmeAnswers,
        int plans,
        int consumers,
        Revoked revoked,
        Linkage linkage) {
    /** The same, but for those who must not get through any more. */
    public CompiledConfiguration without(Revoked others) {
        return new CompiledConfiguration(
                revision,
                digest,
                routes,
                routesByOrdinal,
                policiesByOrdinal,
                duplicateSlashes,
                hsts,
                cors,
                securityHeaders,
                credentialThrottle,
                credentials,
                keyDigestSecret,
                bindings,
                tokenIssuers,
                upstreams,
                certificates,
                trustRoots,
                listeners,
                acmeAnswers,
                plans,
                consumers,
                others,
                linkage);
    }

    @Override
    public String toString() {
        return "CompiledConfiguration[revision=" + revision + "]";
    }
}
