package io.tollgate.node.exchange;

import java.util.Locale;

/**
 * The one word for how a request ended. Status, problem type (RFC 9457), Proxy-Status error (RFC 9209), metric label and
 * access-log column all follow from it. Immutable.
 */
public enum Outcome {
    OK(200, OutcomeSource.NONE, "", "", ""),
    BAD_REQUEST(
            400, OutcomeSource.CLIENT, "Bad request", "The request is not valid HTTP or its target is ambiguous.", ""),
    HTTPS_REQUIRED(308, OutcomeSource.CLIENT, "Https required", "This API is there over https only.", ""),
    KEY_MISSING(401, OutcomeSource.CLIENT, "API key missing", "This API wants an API key with each request.", ""),
    CREDENTIAL_MISSING(401, OutcomeSource.CLIENT, "Credential missing", "This API wants to know who calls.", ""),
    KEY_MALFORMED(401, OutcomeSource.CLIENT, "API key malformed", "What was sent as an API key is not one.", ""),
    KEY_UNKNOWN(401, OutcomeSource.CLIENT, "API key unknown", "Nobody holds this API key.", ""),
    KEY_EXPIRED(401, OutcomeSource.CLIENT, "API key expired", "The time of this API key is over.", ""),
    KEY_REVOKED(401, OutcomeSource.CLIENT, "API key revoked", "This API key was revoked.", ""),
    KEY_NETWORK(
            403,
            OutcomeSource.CLIENT,
            "API key not for this network",
            "This API key is not accepted from where the call comes.",
            ""),
    KEY_ENVIRONMENT(
            403,
            OutcomeSource.CLIENT,
            "API key not for this environment",
            "This API does not take keys of the environment that this one is for.",
            ""),
    TOKEN_MALFORMED(401, OutcomeSource.CLIENT, "Token malformed", "What was sent as a token is not one.", ""),
    TOKEN_UNKNOWN_ISSUER(
            401, OutcomeSource.CLIENT, "Token of unknown issuer", "Nobody here believes the issuer of this token.", ""),
    TOKEN_INVALID(
            401, OutcomeSource.CLIENT, "Token invalid", "The signature of this token is not one of its issuer.", ""),
    TOKEN_EXPIRED(401, OutcomeSource.CLIENT, "Token expired", "The time of this token is over.", ""),
    TOKEN_NOT_YET_VALID(401, OutcomeSource.CLIENT, "Token not yet valid", "The time of this token has not come.", ""),
    TOKEN_AUDIENCE(401, OutcomeSource.CLIENT, "Token for others", "This token is meant for somebody else.", ""),
    TOKEN_CLAIMS(401, OutcomeSource.CLIENT, "Token claims", "This token does not say what is asked of it here.", ""),
    TOKEN_UNKNOWN_SUBJECT(
            401, OutcomeSource.CLIENT, "Token of unknown subject", "Nobody here is known by this token.", ""),
    TOKEN_BINDING(
            401,
            OutcomeSource.CLIENT,
            "Token of another connection",
            "This token wants to be shown together with the client certificate that it is bound to.",
            ""),
    PASSWORD_MALFORMED(
            401, OutcomeSource.CLIENT, "Password malformed", "What was sent is no user name and password.", ""),
    PASSWORD_WRONG(401, OutcomeSource.CLIENT, "Password wrong", "The user name or the password is wrong.", ""),
    SIGNATURE_MALFORMED(
            401,
            OutcomeSource.CLIENT,
            "Signature malformed",
            "The signature of this request cannot be read, or covers what is not known here.",
            ""),
    SIGNATURE_UNKNOWN_KEY(
            401, OutcomeSource.CLIENT, "Signature of unknown key", "Nobody here has the key of this signature.", ""),
    SIGNATURE_INCOMPLETE(
            401,
            OutcomeSource.CLIENT,
            "Signature incomplete",
            "The signature does not cover or say all that is asked of it here.",
            ""),
    SIGNATURE_UNTIMELY(
            401, OutcomeSource.CLIENT, "Signature untimely", "The signature is too old, over, or not made yet.", ""),
    SIGNATURE_INVALID(
            401, OutcomeSource.CLIENT, "Signature invalid", "This request is not the one that was signed.", ""),
    SIGNATURE_REPLAYED(
            401, OutcomeSource.CLIENT, "Signature replayed", "A request with this signature came before.", ""),
    CONTENT_DIGEST_WRONG(
            400, OutcomeSource.CLIENT, "Content digest wrong", "The body is not the one whose digest was signed.", ""),
    CERTIFICATE_UNKNOWN(
            401, OutcomeSource.CLIENT, "Certificate unknown", "Nobody here is known by this client certificate.", ""),
    CERTIFICATE_EXPIRED(
            401, OutcomeSource.CLIENT, "Certificate expired", "The time of this client certificate is over.", ""),
    TOKEN_INACTIVE(
            401, OutcomeSource.CLIENT, "Token inactive", "The issuer of this token says that it does not hold.", ""),
    TOKEN_REVOKED(401, OutcomeSource.CLIENT, "Token revoked", "What this token was issued for was taken back.", ""),
    CONSUMER_DISABLED(403, OutcomeSource.CLIENT, "Consumer disabled", "This caller may not call now.", ""),
    NOT_ENTITLED(403, OutcomeSource.CLIENT, "Not entitled", "No subscription of the caller covers this route.", ""),
    ACCESS_DENIED(403, OutcomeSource.CLIENT, "Access denied", "The rules of this API refuse the call.", ""),
    EXPRESSION_FAILED(
            403,
            OutcomeSource.CLIENT,
            "Expression failed",
            "It cannot be said whether the rules of this API let the call in.",
            ""),
    SCOPE_MISSING(
            403, OutcomeSource.CLIENT, "Scope missing", "The caller's credential lacks a scope for this call.", ""),
    CLIENT_REFUSED(403, OutcomeSource.CLIENT, "Client refused", "Clients of this name are not served here.", ""),
    FORWARD_AUTH_REFUSED(
            403, OutcomeSource.CLIENT, "Refused", "The service that decides on calls of this API refuses it.", ""),
    ROUTE_NOT_FOUND(404, OutcomeSource.CLIENT, "Not found", "No route takes this host and path.", ""),
    METHOD_NOT_ALLOWED(405, OutcomeSource.CLIENT, "Method not allowed", "The route does not take this method.", ""),
    UNFIT_VALUE(
            400,
            OutcomeSource.CLIENT,
            "Unfit value",
            "The route puts a part of this request where it cannot stand.",
            ""),
    REQUEST_TIMEOUT(408, OutcomeSource.CLIENT, "Request timeout", "The rest of the request did not come in time.", ""),
    BODY_TOO_LARGE(413, OutcomeSource.CLIENT, "Body too large", "The body is longer than this address takes.", ""),
    URI_TOO_LONG(414, OutcomeSource.CLIENT, "URI too long", "The request line is longer than this address takes.", ""),
    RATE_LIMITED(429, OutcomeSource.CLIENT, "Too many requests", "The caller is faster than its rate limit.", ""),
    TOO_MANY_BAD_CREDENTIALS(
            429,
            OutcomeSource.CLIENT,
            "Too many bad credentials",
            "Too many bad credentials came from where this call comes from.",
            ""),
    HEADER_TOO_LARGE(
            431,
            OutcomeSource.CLIENT,
            "Request header too large",
            "The header section is longer, or has more fields, than this address takes.",
            ""),
    DEADLINE_EXCEEDED(
            408,
            OutcomeSource.CLIENT,
            "Deadline exceeded",
            "The time that the caller gives its call was over before its answer was whole.",
            ""),
    CLIENT_GONE(499, OutcomeSource.CLIENT, "Client gone", "The caller went away before its answer was whole.", ""),
    STREAM_REFUSED(
            400, OutcomeSource.CLIENT, "Stream refused", "The caller's frames are no WebSocket, or too large.", ""),
    STREAM_REVOKED(403, OutcomeSource.CLIENT, "Stream revoked", "The caller of this stream may not call any more.", ""),
    STREAM_IDLE(408, OutcomeSource.CLIENT, "Stream idle", "Nothing was said on the stream for too long.", ""),
    INTERNAL(500, OutcomeSource.GATEWAY, "Internal error", "The gateway failed.", "proxy_internal_error"),
    CHECKS_BUSY(
            503,
            OutcomeSource.GATEWAY,
            "Checks busy",
            "The gateway has more credentials to check than it can; try again.",
            "proxy_internal_error"),
    FORWARD_AUTH_UNAVAILABLE(
            503,
            OutcomeSource.GATEWAY,
            "Decision unavailable",
            "The service that decides on calls of this API does not answer.",
            "destination_unavailable"),
    REPLAYS_FULL(
            503,
            OutcomeSource.GATEWAY,
            "Replays full",
            "The gateway has no room to remember this signature, and takes none that it cannot; try again.",
            "proxy_internal_error"),
    ISSUER_UNAVAILABLE(
            503,
            OutcomeSource.GATEWAY,
            "Issuer unavailable",
            "The keys of the issuer of this token are not to be had now.",
            "proxy_internal_error"),
    CONSUMER_PENDING(
            503,
            OutcomeSource.GATEWAY,
            "Consumer pending",
            "The caller is new here and not known to all of the gateway yet; try again.",
            "proxy_internal_error"),
    INTROSPECTION_UNAVAILABLE(
            503,
            OutcomeSource.GATEWAY,
            "Introspection unavailable",
            "The issuer of this token cannot be asked about it now.",
            "proxy_internal_error"),
    NO_TARGET(
            503, OutcomeSource.GATEWAY, "No target", "The service has no target with room.", "destination_unavailable"),
    NO_HEALTHY_TARGET(
            503,
            OutcomeSource.GATEWAY,
            "No healthy target",
            "No instance of the service is healthy.",
            "destination_unavailable"),
    CIRCUIT_OPEN(
            503,
            OutcomeSource.GATEWAY,
            "Circuit open",
            "The service has failed too often and is spared for a moment.",
            "destination_unavailable"),
    OVERLOADED(
            503,
            OutcomeSource.GATEWAY,
            "Overloaded",
            "The service has as many calls as it may have at once.",
            "destination_unavailable"),
    SERVICE_DISABLED(
            503, OutcomeSource.GATEWAY, "Service disabled", "The service is switched off.", "destination_unavailable"),
    FAULT_INJECTED(
            503,
            OutcomeSource.GATEWAY,
            "Fault injected",
            "A drill of the operator ended this call.",
            "proxy_configuration_error"),
    UNMETERED(
            503,
            OutcomeSource.GATEWAY,
            "Unmetered",
            "The call could not be metered, and its plan refuses such calls.",
            "proxy_internal_error"),
    NOT_READY(
            503,
            OutcomeSource.GATEWAY,
            "Not ready",
            "The gateway holds no configuration yet.",
            "proxy_configuration_error"),
    STREAM_CLOSED(
            503,
            OutcomeSource.GATEWAY,
            "Stream closed",
            "The route of this stream was changed or removed.",
            "proxy_configuration_error"),
    DRAINING(503, OutcomeSource.GATEWAY, "Draining", "This node is stopping; try again.", "proxy_internal_error"),
    UPSTREAM_CONNECT(
            502, OutcomeSource.UPSTREAM, "Upstream refused", "No connection to the service.", "connection_refused"),
    UPSTREAM_CONNECT_TIMEOUT(
            504,
            OutcomeSource.UPSTREAM,
            "Upstream connect timeout",
            "No connection to the service in time.",
            "connection_timeout"),
    UPSTREAM_UNRESOLVED(
            502, OutcomeSource.UPSTREAM, "Upstream unresolved", "The service's host name is not known.", "dns_error"),
    UPSTREAM_TLS(
            502,
            OutcomeSource.UPSTREAM,
            "Upstream TLS",
            "No secure connection to the service could be agreed on.",
            "tls_protocol_error"),
    UPSTREAM_CERTIFICATE(
            502,
            OutcomeSource.UPSTREAM,
            "Upstream certificate",
            "The service's certificate is not believed, or is not for its name.",
            "tls_certificate_error"),
    UPSTREAM_RESET(
            502,
            OutcomeSource.UPSTREAM,
            "Upstream reset",
            "The service broke off before its answer was whole.",
            "connection_terminated"),
    UPSTREAM_PROTOCOL(
            502,
            OutcomeSource.UPSTREAM,
            "Upstream protocol",
            "The service did not answer in HTTP.",
            "http_protocol_error"),
    UPSTREAM_TIMEOUT(
            504,
            OutcomeSource.UPSTREAM,
            "Upstream timeout",
            "The service did not answer in time.",
            "http_response_timeout");

    private final int status;
    private final OutcomeSource source;
    private final String title;
    private final String detail;
    private final String proxyStatusError;
    private final String word;

    Outcome(int status, OutcomeSource source, String title, String detail, String proxyStatusError) {
        this.status = status;
        this.source = source;
        this.title = title;
        this.detail = detail;
        this.proxyStatusError = proxyStatusError;
        this.word = name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** HTTP status of the answer; for {@link #OK} the upstream's own is used instead. */
    public int status() {
        return status;
    }

    public OutcomeSource source() {
        return source;
    }

    /** Whether it is about a token that was presented and proves nobody (RFC 6750, 3.1: invalid_token). */
    public boolean isOfToken() {
        return status == 401 && name().startsWith("TOKEN_");
    }

    /** The word of metric labels, log columns and problem types, for example {@code key-missing}. */
    public String word() {
        return word;
    }

    public String title() {
        return title;
    }

    public String detail() {
        return detail;
    }

    /** Error token of RFC 9209 section 2.3; empty where the gateway and the upstream did nothing wrong. */
    public String proxyStatusError() {
        return proxyStatusError;
    }

    /** Whether the caller presented a credential that nobody has: what a guesser sends. One that was once good is none. */
    public boolean isBadCredential() {
        return switch (this) {
            case KEY_MALFORMED,
                    KEY_UNKNOWN,
                    TOKEN_MALFORMED,
                    TOKEN_UNKNOWN_ISSUER,
                    TOKEN_INVALID,
                    TOKEN_INACTIVE,
                    PASSWORD_MALFORMED,
                    PASSWORD_WRONG,
                    SIGNATURE_MALFORMED,
                    SIGNATURE_UNKNOWN_KEY,
                    SIGNATURE_INVALID -> true;
            default -> false;
        };
    }

    /** The class under which the meter counts a call that ended so without an upstream's answer. */
    public OutcomeClass usageClass() {
        if (this == CLIENT_GONE || this == DEADLINE_EXCEEDED || this == STREAM_REVOKED) {
            return OutcomeClass.ABORTED;
        }
        return source == OutcomeSource.CLIENT || this == FAULT_INJECTED ? OutcomeClass.REFUSED : OutcomeClass.FAILED;
    }
}
