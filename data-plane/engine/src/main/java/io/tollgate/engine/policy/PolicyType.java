package io.tollgate.engine.policy;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.consumer.IdentityHeaders;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.route.DuplicateSlashes;

/**
 * A type of policy. Immutable.
 *
 * @param <T> what it is once compiled, which is immutable
 * @param word as the admin API writes it, for example {@code rate-limit}
 * @param places where it may be attached
 * @param form the compiled form
 */
public record PolicyType<T>(String word, PolicyPlaces places, Class<T> form) {
    public static final PolicyType<KeyAuthPolicy> KEY_AUTH =
            new PolicyType<>("key-auth", PolicyPlaces.BEFORE_CALLER, KeyAuthPolicy.class);
    public static final PolicyType<RateLimiter> RATE_LIMIT =
            new PolicyType<>("rate-limit", PolicyPlaces.ANYWHERE, RateLimiter.class);
    public static final PolicyType<IdentityHeaders> IDENTITY_HEADERS =
            new PolicyType<>("identity-headers", PolicyPlaces.ANYWHERE, IdentityHeaders.class);
    public static final PolicyType<DuplicateSlashes> REQUEST_TARGET =
            new PolicyType<>("request-target", PolicyPlaces.GLOBAL, DuplicateSlashes.class);
    public static final PolicyType<FaultInjectionPolicy> FAULT_INJECTION =
            new PolicyType<>("fault-injection", PolicyPlaces.BEFORE_CALLER, FaultInjectionPolicy.class);
    public static final PolicyType<CompressionPolicy> COMPRESSION =
            new PolicyType<>("compression", PolicyPlaces.BEFORE_CALLER, CompressionPolicy.class);
    public static final PolicyType<HttpsRedirectPolicy> HTTPS_REDIRECT =
            new PolicyType<>("https-redirect", PolicyPlaces.BEFORE_CALLER, HttpsRedirectPolicy.class);
    public static final PolicyType<HstsPolicy> HSTS =
            new PolicyType<>("hsts", PolicyPlaces.BEFORE_CALLER, HstsPolicy.class);
    public static final PolicyType<CorsPolicy> CORS =
            new PolicyType<>("cors", PolicyPlaces.BEFORE_CALLER, CorsPolicy.class);
    public static final PolicyType<SecurityHeadersPolicy> SECURITY_HEADERS =
            new PolicyType<>("security-headers", PolicyPlaces.BEFORE_CALLER, SecurityHeadersPolicy.class);
    public static final PolicyType<AccessRules> ACCESS =
            new PolicyType<>("access", PolicyPlaces.ANYWHERE, AccessRules.class);

    public static final PolicyType<ForwardAuthPolicy> FORWARD_AUTH =
            new PolicyType<>("forward-auth", PolicyPlaces.BEFORE_CALLER, ForwardAuthPolicy.class);
    public static final PolicyType<ClientFilterPolicy> CLIENT_FILTER =
            new PolicyType<>("client-filter", PolicyPlaces.BEFORE_CALLER, ClientFilterPolicy.class);

    public static final PolicyType<CredentialThrottlePolicy> CREDENTIAL_THROTTLE =
            new PolicyType<>("credential-throttle", PolicyPlaces.GLOBAL, CredentialThrottlePolicy.class);
    public static final PolicyType<JwtPolicy> JWT =
            new PolicyType<>("jwt", PolicyPlaces.BEFORE_CALLER, JwtPolicy.class);
    public static final PolicyType<BasicAuthPolicy> BASIC_AUTH =
            new PolicyType<>("basic-auth", PolicyPlaces.BEFORE_CALLER, BasicAuthPolicy.class);
    public static final PolicyType<HttpSignaturePolicy> HTTP_SIGNATURE =
            new PolicyType<>("http-signature", PolicyPlaces.BEFORE_CALLER, HttpSignaturePolicy.class);
    public static final PolicyType<ClientCertificatePolicy> CLIENT_CERTIFICATE =
            new PolicyType<>("client-certificate", PolicyPlaces.BEFORE_CALLER, ClientCertificatePolicy.class);
    public static final PolicyType<IntrospectionPolicy> INTROSPECTION =
            new PolicyType<>("introspection", PolicyPlaces.BEFORE_CALLER, IntrospectionPolicy.class);

    public static final PolicyType<CallerIdentityPolicy> CALLER_IDENTITY =
            new PolicyType<>("caller-identity", PolicyPlaces.BEFORE_CALLER, CallerIdentityPolicy.class);
    public static final PolicyType<ProtectedResourcePolicy> PROTECTED_RESOURCE =
            new PolicyType<>("protected-resource", PolicyPlaces.BEFORE_CALLER, ProtectedResourcePolicy.class);

    /** Its member in the admin API and on the wire, for example {@code rate_limit}. */
    public String member() {
        return word.replace('-', '_');
    }

    T cast(Object compiled) {
        return form.cast(compiled);
    }

    @Override
    public String toString() {
        return word;
    }
}
