package io.tollgate.controlplane.catalog.policy;

import com.fasterxml.jackson.annotation.JsonAlias;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a policy of each type says. Stored as JSON that names its type. Immutable. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonSubTypes({
    @JsonSubTypes.Type(value = PolicyConfig.KeyAuth.class, name = "key-auth"),
    @JsonSubTypes.Type(value = PolicyConfig.RateLimit.class, name = "rate-limit"),
    @JsonSubTypes.Type(value = PolicyConfig.IdentityHeaders.class, name = "identity-headers"),
    @JsonSubTypes.Type(value = PolicyConfig.RequestTarget.class, name = "request-target"),
    @JsonSubTypes.Type(value = PolicyConfig.FaultInjection.class, name = "fault-injection"),
    @JsonSubTypes.Type(value = PolicyConfig.Compression.class, name = "compression"),
    @JsonSubTypes.Type(value = PolicyConfig.HttpsRedirect.class, name = "https-redirect"),
    @JsonSubTypes.Type(value = PolicyConfig.Hsts.class, name = "hsts"),
    @JsonSubTypes.Type(value = PolicyConfig.CredentialThrottle.class, name = "credential-throttle"),
    @JsonSubTypes.Type(value = AccessConfig.class, name = "access"),
    @JsonSubTypes.Type(value = PolicyConfig.Cors.class, name = "cors"),
    @JsonSubTypes.Type(value = PolicyConfig.SecurityHeaders.class, name = "security-headers"),
    @JsonSubTypes.Type(value = PolicyConfig.Jwt.class, name = "jwt"),
    @JsonSubTypes.Type(value = PolicyConfig.ClientCertificate.class, name = "client-certificate"),
    @JsonSubTypes.Type(value = PolicyConfig.Introspection.class, name = "introspection"),
    @JsonSubTypes.Type(value = PolicyConfig.BasicAuth.class, name = "basic-auth"),
    @JsonSubTypes.Type(value = PolicyConfig.ForwardAuth.class, name = "forward-auth"),
    @JsonSubTypes.Type(value = PolicyConfig.ClientFilter.class, name = "client-filter"),
    @JsonSubTypes.Type(value = PolicyConfig.HttpSignature.class, name = "http-signature"),
    @JsonSubTypes.Type(value = PolicyConfig.CallerIdentity.class, name = "caller-identity"),
    @JsonSubTypes.Type(value = PolicyConfig.ProtectedResource.class, name = "protected-resource")
})
public sealed interface PolicyConfig
        permits PolicyConfig.KeyAuth,
                PolicyConfig.RateLimit,
                PolicyConfig.IdentityHeaders,
                PolicyConfig.RequestTarget,
                PolicyConfig.FaultInjection,
                PolicyConfig.Compression,
                PolicyConfig.HttpsRedirect,
                PolicyConfig.Hsts,
                PolicyConfig.CredentialThrottle,
                PolicyConfig.Cors,
                PolicyConfig.SecurityHeaders,
                PolicyConfig.Jwt,
                PolicyConfig.ClientCertificate,
                PolicyConfig.Introspection,
                PolicyConfig.BasicAuth,
                PolicyConfig.ForwardAuth,
                PolicyConfig.ClientFilter,
                PolicyConfig.HttpSignature,
                PolicyConfig.CallerIdentity,
                PolicyConfig.ProtectedResource,
                AccessConfig {
    /** The word of its type. */
    @JsonIgnore
    String type();

    /** How an API key is presented. */
    record KeyAuth(
            @JsonProperty("header_names") List<String> headerNames,
            @JsonProperty("query_parameters") List<String> queryParameters,
            @JsonProperty("anonymous_allowed") boolean anonymousAllowed,
            List<String> environments,
            @JsonProperty("keep_key") boolean keepKey,
            @JsonProperty("foreign_keys") boolean foreignKeys)
            implements PolicyConfig {
        /** What was stored before there was a choice has no list, and takes all keys. */
        public KeyAuth {
            environments = List.copyOf(Objects.requireNonNullElse(environments, List.of("live", "test")));
        }

        @Override
        public String type() {
            return "key-auth";
        }
    }

    /**
     * That tokens prove a caller, and how they are presented.
     *
     * @param issuerIds of token issuers; names or ids as a caller writes them, ids as they are stored
     */
    record Jwt(
            @JsonProperty("issuer_ids") @JsonAlias("issuers")
            List<String> issuerIds,

            @JsonProperty("header_names") List<String> headerNames,
            @JsonProperty("query_parameters") List<String> queryParameters,
            @JsonProperty("cookie_names") List<String> cookieNames,
            List<String> audiences,
            @JsonProperty("forward_claims") List<ForwardedClaim> forwardClaims,
            @JsonProperty("keep_token") boolean keepToken,
            @JsonProperty("anonymous_allowed") boolean anonymousAllowed,
            @JsonProperty("certificate_binding") String certificateBinding)
            implements PolicyConfig {
        /** What was stored before there was a choice has none. */
        public Jwt {
            certificateBinding = Objects.requireNonNullElse(certificateBinding, "when-bound");
        }

        @Override
        public String type() {
            return "jwt";
        }

        /** The same of these issuers. */
        Jwt of(List<String> ids) {
            return new Jwt(
                    ids,
                    headerNames,
                    queryParameters,
                    cookieNames,
                    audiences,
                    forwardClaims,
                    keepToken,
                    anonymousAllowed,
                    certificateBinding);
        }
    }

    /** That the certificate of the client's connection proves a caller. */
    record ClientCertificate(
            @JsonProperty("anonymous_allowed") boolean anonymousAllowed,
            @JsonProperty("forward_certificate") boolean forwardCertificate)
            implements PolicyConfig {
        @Override
        public String type() {
            return "client-certificate";
        }
    }

    /**
     * That tokens prove a caller which their issuer is asked about, and how they are presented.
     *
     * @param issuerId of a token issuer; name or id as a caller writes it, id as it is stored
     */
    record Introspection(
            @JsonProperty("issuer_id") @JsonAlias("issuer") String issuerId,

            @JsonProperty("header_names") List<String> headerNames,
            @JsonProperty("query_parameters") List<String> queryParameters,
            @JsonProperty("cookie_names") List<String> cookieNames,
            List<String> audiences,
            @JsonProperty("forward_claims") List<ForwardedClaim> forwardClaims,
            @JsonProperty("keep_token") boolean keepToken,
            @JsonProperty("anonymous_allowed") boolean anonymousAllowed,
            @JsonProperty("certificate_binding") String certificateBinding)
            implements PolicyConfig {
        /** What was stored before there was a choice has none. */
        public Introspection {
            certificateBinding = Objects.requireNonNullElse(certificateBinding, "when-bound");
        }

        @Override
        public String type() {
            return "introspection";
        }

        /** The same of this issuer. */
        Introspection of(String id) {
            return new Introspection(
                    id,
                    headerNames,
                    queryParameters,
                    cookieNames,
                    audiences,
                    forwardClaims,
                    keepToken,
                    anonymousAllowed,
                    certificateBinding);
        }
    }

    /** That a user name and a password prove a caller. */
    record BasicAuth(
            String realm,
            @JsonProperty("keep_credentials") boolean keepCredentials,
            @JsonProperty("anonymous_allowed") boolean anonymousAllowed)
            implements PolicyConfig {
        @Override
        public String type() {
            return "basic-auth";
        }
    }

    /** That a signature of the request proves a caller, and what it must say. */
    record HttpSignature(
            @JsonProperty("required_components") List<String> requiredComponents,
            @Nullable String tag,
            @JsonProperty("max_age_seconds") int maxAgeSeconds,
            @JsonProperty("clock_skew_seconds") int clockSkewSeconds,
            @JsonProperty("nonce_required") boolean nonceRequired,
            @JsonProperty("content_digest_required") boolean contentDigestRequired,
            @JsonProperty("keep_signature") boolean keepSignature,
            @JsonProperty("anonymous_allowed") boolean anonymousAllowed)
            implements PolicyConfig {
        @Override
        public String type() {
            return "http-signature";
        }
    }

    /**
     * That the service is told who calls in a signed token.
     *
     * @param issuerId of a token issuer; name or id as a caller writes it, id as it is stored
     */
    record CallerIdentity(
            @JsonProperty("issuer_id") @JsonAlias("issuer") String issuerId,

            @JsonProperty("header_name") String headerName,
            String audience,
            @JsonProperty("lifetime_seconds") int lifetimeSeconds)
            implements PolicyConfig {
        @Override
        public String type() {
            return "caller-identity";
        }

        /** The same of this issuer. */
        CallerIdentity of(String id) {
            return new CallerIdentity(id, headerName, audience, lifetimeSeconds);
        }
    }

    /** What clients find out about an API that wants tokens. */
    record ProtectedResource(
            String resource,
            @JsonProperty("authorization_servers") List<String> authorizationServers,
            List<String> scopes,
            @Nullable String documentation)
            implements PolicyConfig {
        @Override
        public String type() {
            return "protected-resource";
        }
    }

    /** A claim that the service is told in a header. */
    record ForwardedClaim(String claim, String header) {}

    /**
     * That a service is asked before each call.
     *
     * @param serviceId name or id as a caller writes it, id as it is stored
     */
    record ForwardAuth(
            @JsonProperty("service_id") @JsonAlias("service")
            String serviceId,

            String path,
            String method,
            @JsonProperty("request_headers") List<String> requestHeaders,
            @JsonProperty("upstream_headers") List<String> upstreamHeaders,
            @JsonProperty("client_headers") List<String> clientHeaders,
            @JsonProperty("timeout_millis") int timeoutMillis,
            @JsonProperty("on_failure") String onFailure,
            @JsonProperty("cache_seconds") int cacheSeconds)
            implements PolicyConfig {
        @Override
        public String type() {
            return "forward-auth";
        }

        /** The same of this service. */
        ForwardAuth of(String id) {
            return new ForwardAuth(
                    id,
                    path,
                    method,
                    requestHeaders,
                    upstreamHeaders,
                    clientHeaders,
                    timeoutMillis,
                    onFailure,
                    cacheSeconds);
        }
    }

    /** What no client may be or do. */
    record ClientFilter(
            @JsonProperty("allowed_methods") List<String> allowedMethods,
            @JsonProperty("denied_methods") List<String> deniedMethods,
            @JsonProperty("allowed_user_agents") List<String> allowedUserAgents,
            @JsonProperty("denied_user_agents") List<String> deniedUserAgents)
            implements PolicyConfig {
        @Override
        public String type() {
            return "client-filter";
        }
    }

    /** How fast one caller may go. */
    record RateLimit(
            List<RateWindowRow> windows,
            List<String> by,
            List<String> headers,
            @JsonProperty("ipv4_prefix_length") Integer ipv4PrefixLength,
            @JsonProperty("ipv6_prefix_length") Integer ipv6PrefixLength)
            implements PolicyConfig {
        /** What was stored before there was a choice counts by consumer. */
        public RateLimit {
            by = List.copyOf(Objects.requireNonNullElse(by, List.of("consumer")));
            headers = List.copyOf(Objects.requireNonNullElse(headers, List.of()));
            ipv4PrefixLength = Objects.requireNonNullElse(ipv4PrefixLength, 32);
            ipv6PrefixLength = Objects.requireNonNullElse(ipv6PrefixLength, 64);
        }

        @Override
        public String type() {
            return "rate-limit";
        }
    }

    /** Names of the headers that tell the upstream who calls; an empty name leaves one out. */
    record IdentityHeaders(
            @JsonProperty("consumer_id") String consumerId,
            @JsonProperty("consumer_name") String consumerName,
            @JsonProperty("consumer_groups") String consumerGroups,
            @JsonProperty("credential_id") String credentialId,
            @JsonProperty("plan_name") String planName,
            String scopes)
            implements PolicyConfig {
        /** What was stored before there was such a header does not tell it. */
        public IdentityHeaders {
            scopes = Objects.requireNonNullElse(scopes, "");
        }

        @Override
        public String type() {
            return "identity-headers";
        }
    }

    /** How request targets are normalised before anything is matched. */
    record RequestTarget(@JsonProperty("duplicate_slashes") String duplicateSlashes) implements PolicyConfig {
        @Override
        public String type() {
            return "request-target";
        }
    }

    /** Drills: shares of the calls, in hundredths of a percent, that are delayed or ended. */
    record FaultInjection(
            @JsonProperty("delay_basis_points") int delayBasisPoints,
            @JsonProperty("delay_millis") int delayMillis,
            @JsonProperty("abort_basis_points") int abortBasisPoints,
            @JsonProperty("abort_status") int abortStatus)
            implements PolicyConfig {
        @Override
        public String type() {
            return "fault-injection";
        }
    }

    /** Answers that the gateway compresses; no encodings: none of them. */
    record Compression(
            List<String> encodings,
            String level,
            @JsonProperty("content_types") List<String> contentTypes,
            @JsonProperty("bytes_min") int bytesMin)
            implements PolicyConfig {
        @Override
        public String type() {
            return "compression";
        }
    }

    /** Requests in the clear are sent to https. */
    record HttpsRedirect(int status, int port) implements PolicyConfig {
        @Override
        public String type() {
            return "https-redirect";
        }
    }

    /** Strict-Transport-Security on answers over https. */
    record Hsts(
            @JsonProperty("max_age_seconds") int maxAgeSeconds,
            @JsonProperty("include_subdomains") boolean includeSubdomains,
            boolean preload)
            implements PolicyConfig {
        @Override
        public String type() {
            return "hsts";
        }
    }

    /** How many bad credentials may come from one source; none: as many as it likes. */
    record CredentialThrottle(
            int failures, @JsonProperty("window_seconds") int windowSeconds) implements PolicyConfig {
        @Override
        public String type() {
            return "credential-throttle";
        }
    }

    /** Pages of other origins that may call from a browser. */
    record Cors(
            List<String> origins,
            List<String> methods,
            List<String> headers,
            @JsonProperty("exposed_headers") List<String> exposedHeaders,
            boolean credentials,
            @JsonProperty("max_age_seconds") int maxAgeSeconds,
            @JsonProperty("private_network") boolean privateNetwork,
            @JsonProperty("pass_upstream") boolean passUpstream)
            implements PolicyConfig {
        @Override
        public String type() {
            return "cors";
        }
    }

    /** Fields that tell browsers to be careful; what is absent is left as the service says it. */
    record SecurityHeaders(
            String mode,
            @JsonProperty("content_type_options") boolean contentTypeOptions,
            @JsonProperty("frame_options") @Nullable String frameOptions,
            @JsonProperty("referrer_policy") @Nullable String referrerPolicy,

            @JsonProperty("content_security_policy") @Nullable
            String contentSecurityPolicy,

            @JsonProperty("permissions_policy") @Nullable String permissionsPolicy,

            @JsonProperty("cross_origin_opener_policy") @Nullable
            String crossOriginOpenerPolicy,

            @JsonProperty("cross_origin_embedder_policy") @Nullable
            String crossOriginEmbedderPolicy,

            @JsonProperty("cross_origin_resource_policy") @Nullable
            String crossOriginResourcePolicy)
            implements PolicyConfig {
        @Override
        public String type() {
            return "security-headers";
        }
    }
}
