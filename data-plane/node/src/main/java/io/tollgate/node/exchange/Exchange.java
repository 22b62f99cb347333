package io.tollgate.node.exchange;

import io.tollgate.engine.access.AccessFacts;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.consumer.WhenUnmetered;
import io.tollgate.engine.expression.ExpressionFacts;
import io.tollgate.engine.listener.ListenerBounds;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.CorsPolicy;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.SecurityHeadersPolicy;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.quota.SubjectFacts;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.template.TemplateFacts;
import io.tollgate.engine.tls.PeerCertificate;
import io.tollgate.engine.token.VerifiedToken;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The mutable facts of one request, from its head to its end. Event-loop confined.
 *
 * <p>Each step of the request handler sets what it found; nothing is looked up by name.
 */
public final class Exchange implements AccessFacts, SubjectFacts {
    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private final HttpServerRequest request;
    private final HttpServerResponse response;
    private final LoopScratch scratch;
    private final Client client;
    private final long startNanos;
    private final RequestBody body;
    private final @Nullable ProxyChain proxies;

    private ListenerBounds bounds = ListenerBounds.DEFAULTS;
    private @Nullable CompiledConfiguration configuration;
    private List<String> challenges = List.of();

    private String path = "/";
    private String query = "";
    private boolean hasQuery;

    private @Nullable Route route;
    private @Nullable HeadRewrite headRewrite;
    private @Nullable ExchangeFacts facts;
    private int matchedPrefixLength;
    private @Nullable CompressionPolicy compression;
    private @Nullable HstsPolicy hsts;
    private @Nullable CorsPolicy cors;
    private @Nullable SecurityHeadersPolicy securityHeaders;
    private List<String> parameterNames = List.of();
    private String[] parameterValues = {};
    private @Nullable Upstream service;
    private String forwardedPath = "/";
    private String forwardedHost = "";
    private @Nullable GatewayAnswer answerHere;
    private List<GatewayAnswer.Field> granted = List.of();
    private int faultStatus;
    private String location = "";
    private @Nullable BodyTap tap;
    private @Nullable BodyCheck bodyCheck;
    private String allowedMethods = "";

    private @Nullable Finding @Nullable [] findings;
    private @Nullable VerifiedToken token;
    private @Nullable Scopes tokenScopes;
    private String callerIdentity = "";
    private @Nullable CredentialFinder finder;
    private String proof = "";
    private @Nullable Credential credential;
    private @Nullable Plan plan;

    private @Nullable CallLimits limits;
    private long retryAfterSeconds;

    private @Nullable ClientWatcher watcher;
    private boolean bodyBroken;
    private boolean counted;
    private boolean over;
    private int answerStatus;
    private @Nullable String requestId;
    private @Nullable Iterable<Map.Entry<CharSequence, CharSequence>> requestTrailers;
    private long requestBytes;
    private long responseBytes;
    private @Nullable TargetState upstreamTarget;
    private long upstreamHeadNanos;
    private long upstreamNanos;
    private int markedAttempt;
    private long toldTimeoutNanos;
    private @Nullable RequestTrace trace;
    private @Nullable TraceParent toldTrace;
    private @Nullable String upgradeKey;

    /** @param proxies what is believed of where the request came from; null where only the connection tells */
    public Exchange(
            HttpServerRequest request,
            LoopScratch scratch,
            Client client,
            @Nullable ProxyChain proxies,
            long startNanos) {
        this.proxies = proxies;
        this.request = request;
        this.body = RequestBody.of(request.headers());
        this.response = request.response();
        this.scratch = scratch;
        this.client = client;
        this.startNanos = startNanos;
    }

    public HttpServerRequest request() {
        return request;
    }

    public HttpServerResponse response() {
        return response;
    }

    public LoopScratch scratch() {
        return scratch;
    }

    public Client client() {
        return client;
    }

    /** What the listener takes at which the request came in. */
    public void bounds(ListenerBounds ofListener) {
        bounds = ofListener;
    }

    public ListenerBounds bounds() {
        return bounds;
    }

    /** The rest of the body does not come in time, or cannot be read: nothing of it will be. */
    public void breakBody() {
        bodyBroken = true;
    }

    public boolean isBodyBroken() {
        return bodyBroken;
    }

    /** Textual IP address of who calls: the peer's, or what a proxy that is believed says. */
    public String clientAddress() {
        return proxies == null ? client.address() : proxies.clientAddress();
    }

    /** {@link #clientAddress} as 4 or 16 bytes, not to be written to; empty when it is not known. */
    @Override
    public byte[] clientAddressBytes() {
        return proxies == null ? client.addressBytes() : proxies.clientAddressBytes();
    }

    /** Whether the caller speaks TLS, to this node or to a proxy that is believed. */
    public boolean isSecure() {
        return proxies == null ? client.isSecure() : proxies.isSecure(client);
    }

    /**
     * The certificate with which the caller proved who it is; null when it did not. Nor did it where a proxy that is believed passed the
     * request on: what was shown is the proxy's then.
     */
    public @Nullable PeerCertificate clientCertificate() {
        ShownCertificate shown = shownCertificate();
        return shown == null ? null : shown.certificate();
    }

    /** {@link #clientCertificate} and whom it proves. */
    public @Nullable ShownCertificate shownCertificate() {
        return proxies == null ? client.certificate() : null;
    }

    /** Whether its client is to leave after this answer: the node stops, or its listener is not there any more. Over HTTP/2
     * the connection is told that, not the answer. */
    public boolean endsConnection() {
        return ownsConnection() && (scratch.isDraining() || client.isLeaving());
    }

    /** Where the request came from by the word of proxies that are believed; null where only the connection tells. */
    public @Nullable ProxyChain proxies() {
        return proxies;
    }

    /** Whether the request has its connection for itself, as over HTTP/1.x; over HTTP/2 it has a stream of it. */
    public boolean ownsConnection() {
        return request.version() != HttpVersion.HTTP_2;
    }

    /** The client's trailers, which come after its body and before the end of it is told. */
    public void requestTrailers(Iterable<Map.Entry<CharSequence, CharSequence>> fields) {
        requestTrailers = fields;
    }

    /** The client's trailers; null while there are none. */
    public @Nullable Iterable<Map.Entry<CharSequence, CharSequence>> requestTrailers() {
        return requestTrailers;
    }

    /** Whether it is a call of gRPC. */
    public boolean isGrpc() {
        return GrpcCall.is(this);
    }

    /**
     * When the caller does not wait any more, on the monotonic clock, in nanoseconds since {@link #startNanos}; 0: it says
     * nothing of the kind. Only callers of gRPC do.
     */
    public long deadlineNanos() {
        if (ownsConnection()) {
            return 0;
        }
        String field = request.headers().get(GrpcCall.TIMEOUT);
        return field == null || !isGrpc() ? 0 : GrpcCall.timeoutNanos(field);
    }

    /** What is left of the caller's time for the attempt at hand, which the upstream is told; 0: nothing is told. */
    public void tellTimeout(long nanos) {
        toldTimeoutNanos = nanos;
    }

    public long toldTimeoutNanos() {
        return toldTimeoutNanos;
    }

    /** How the request's body is framed. */
    public RequestBody body() {
        return body;
    }

    /** The configuration by which the request is judged. */
    public void configuration(CompiledConfiguration judging) {
        configuration = judging;
    }

    /** The configuration by which the request is judged; there is one once its route is known. */
    public CompiledConfiguration configuration() {
        CompiledConfiguration judging = configuration;
        if (judging == null) {
            throw new IllegalStateException("no route was found yet");
        }
        return judging;
    }

    /** When the head was there, on the monotonic clock. */
    public long startNanos() {
        return startNanos;
    }

    public void target(String normalisedPath, String rawQuery, boolean queryPresent) {
        path = normalisedPath;
        query = rawQuery;
        hasQuery = queryPresent;
    }

    /** Normalised path. */
    public String path() {
        return path;
    }

    /** Query byte for byte without the question mark. */
    public String query() {
        return query;
    }

    public boolean hasQuery() {
        return hasQuery;
    }

    /**
     * The route that answers, what it changes in the heads, and how much of the path its pattern covers. What was found out for a route
     * before, by its rules, is forgotten.
     */
    public void routed(Route matched, HeadRewrite rewrite, int prefixLength) {
        if (findings != null) {
            forget(findings);
        }
        route = matched;
        headRewrite = rewrite;
        matchedPrefixLength = prefixLength;
    }

    /** The parameters of the path; only kept where something asks for them. */
    public void parameters(List<String> names, String[] values) {
        parameterNames = names;
        parameterValues = values;
    }

    String parameter(String name) {
        int index = parameterNames.indexOf(name);
        return index < 0 ? "" : parameterValues[index];
    }

    /** What the answer says about https, when it goes over it; null: nothing. */
    public void hsts(@Nullable HstsPolicy policy) {
        hsts = policy;
    }

    /** What the answer says about https, when it goes over it; null: nothing. */
    public @Nullable HstsPolicy hsts() {
        return hsts;
    }

    /** What the answer tells browsers about pages of other origins; null: what the service says. */
    public void cors(@Nullable CorsPolicy policy) {
        cors = policy;
    }

    /** What the answer tells browsers about pages of other origins; null: what the service says. */
    public @Nullable CorsPolicy cors() {
        return cors;
    }

    /** Fields that the answer has; null: none. */
    public void securityHeaders(@Nullable SecurityHeadersPolicy policy) {
        securityHeaders = policy;
    }

    /** Fields that the answer has; null: none. */
    public @Nullable SecurityHeadersPolicy securityHeaders() {
        return securityHeaders;
    }

    /** The answer is compressed by this, if at all; null: it is not. */
    public void compressedBy(@Nullable CompressionPolicy policy) {
        compression = policy;
    }

    /** How the answer is compressed; null: it is not. */
    public @Nullable CompressionPolicy compression() {
        return compression;
    }

    /** How much of the path the route's pattern covers. */
    public int matchedPrefixLength() {
        return matchedPrefixLength;
    }

    /** What templates may ask of this request. */
    public TemplateFacts facts() {
        ExchangeFacts asked = facts;
        if (asked == null) {
            asked = new ExchangeFacts(this);
            facts = asked;
        }
        return asked;
    }

    /** The service that is called. */
    public void service(Upstream called) {
        service = called;
    }

    public @Nullable Upstream service() {
        return service;
    }

    /** Path and Host that the upstream gets; an empty host: as the service says. */
    public void forwardedAs(String path, String host) {
        forwardedPath = path;
        forwardedHost = host;
    }

    public String forwardedHost() {
        return forwardedHost;
    }

    /** The gateway answers itself, with this; the call then ends as OK, or as refused by a service that was asked. */
    public void answerHere(GatewayAnswer answer) {
        answerHere = answer;
    }

    public @Nullable GatewayAnswer answerHere() {
        return answerHere;
    }

    /** A service let the call through, and said this that the upstream is to be told. */
    public void granted(List<GatewayAnswer.Field> fields) {
        granted = fields;
    }

    public List<GatewayAnswer.Field> granted() {
        return granted;
    }

    /** A call that ends as {@link Outcome#HTTPS_REQUIRED} is told this status and where to go. */
    public void sendElsewhere(int status, String place) {
        faultStatus = status;
        location = place;
    }

    /** Value of the Location field of such a call. */
    public String location() {
        return location;
    }

    /** Status of the answer of a call that ends as a drill. */
    public void fault(int status) {
        faultStatus = status;
    }

    public int faultStatus() {
        return faultStatus;
    }

    /** The body must be this one. */
    public void checkBody(BodyCheck check) {
        bodyCheck = check;
    }

    /** Whether these bytes of the body may go on to the upstream. */
    public boolean admitsBody(Buffer bytes) {
        return bodyCheck == null || bodyCheck.admits(bytes);
    }

    /** Whether the body, which is over, may end for the upstream. */
    public boolean admitsBodyEnd() {
        return bodyCheck == null || bodyCheck.admitsEnd();
    }

    /** Who else sees the body that goes to the upstream. */
    public void tapBody(BodyTap reader) {
        tap = reader;
    }

    /** Bytes of the request's body went to the upstream. */
    public void bodyPassed(Buffer bytes) {
        if (tap != null) {
            tap.onBytes(bytes);
        }
    }

    /** All of the request's body did. */
    public void bodyEnded() {
        if (tap != null) {
            tap.onEnd();
        }
    }

    public @Nullable Route route() {
        return route;
    }

    public @Nullable HeadRewrite headRewrite() {
        return headRewrite;
    }

    public String forwardedPath() {
        return forwardedPath;
    }

    /** How a caller may prove itself, told with a 401; or what it would have to be able to do. */
    public void challenges(List<String> values) {
        challenges = values;
    }

    /** Values of the WWW-Authenticate field of a 401, and of the 403 of a caller that lacks a scope. */
    public List<String> challenges() {
        return challenges;
    }

    /** Value of the Allow field of a 405. */
    public void allowedMethods(String methods) {
        allowedMethods = methods;
    }

    public String allowedMethods() {
        return allowedMethods;
    }

    /** A resolver found this out about what the caller presents. */
    public void found(FindingKind kind, Finding finding) {
        @Nullable Finding[] known = findings;
        if (known == null) {
            known = new @Nullable Finding[FindingKind.COUNT];
            findings = known;
        }
        known[kind.ordinal()] = finding;
    }

    private static void forget(@Nullable Finding[] found) {
        for (FindingKind kind : FindingKind.values()) {
            if (!kind.isFoundOnce()) {
                found[kind.ordinal()] = null;
            }
        }
    }

    /** What a resolver found out; null when the caller presents nothing of the kind. */
    public @Nullable Finding finding(FindingKind kind) {
        return findings == null ? null : findings[kind.ordinal()];
    }

    /** What tells the upstream who calls, signed. */
    public void callerIdentity(String text) {
        callerIdentity = text;
    }

    /** What tells the upstream who calls, signed; empty: nothing does. */
    public String callerIdentity() {
        return callerIdentity;
    }

    /** The token that the caller proved itself with, and what it is good for; after {@link #proven}. */
    public void token(VerifiedToken verified, Scopes scopes) {
        token = verified;
        tokenScopes = scopes;
    }

    /** The token that the caller proved itself with; null when it did so in another way, or not. */
    public @Nullable VerifiedToken token() {
        return token;
    }

    /**
     * The caller has presented a credential; told also when it is refused, so that the refusal is counted as its. Nothing is left of
     * one that was presented before, and of its token.
     *
     * @param how finds it again
     * @param presented what it is found by
     */
    public void proven(CredentialFinder how, String presented, Credential found) {
        finder = how;
        proof = presented;
        credential = found;
        // A token that was refused before it says nothing of the caller.
        token = null;
        tokenScopes = null;
    }

    /** The credential that the caller presented, as this configuration knows it; null when it does not, or there was none. */
    public @Nullable Credential findCredential(CompiledConfiguration now) {
        return finder == null ? null : finder.find(proof, now, scratch);
    }

    /** What the caller's credential was found by, a digest of it or what it tells; empty for an anonymous caller. */
    public String presented() {
        return proof;
    }

    public @Nullable Credential credential() {
        return credential;
    }

    public @Nullable Consumer consumer() {
        return credential == null ? null : credential.consumer();
    }

    /** What the caller may do in this call. */
    public Scopes scopes() {
        if (tokenScopes != null) {
            return tokenScopes;
        }
        return credential == null ? Scopes.NONE : credential.terms().scopes();
    }

    /**
     * Whether so many bad credentials came from where this call comes from that no work is done for another one: what costs more than
     * to look it up is then taken for bad unless it is known to be good. Only once the route is known.
     */
    public boolean isThrottled() {
        FailureTable.Bound bound = configuration().credentialThrottle().bound();
        return bound != null
                && scratch.failures().isFull(source(), bound, scratch.clock().nanos());
    }

    /** The caller's credential is bad: counts that, and says whether so many were before that this one is not even told why. */
    public boolean refusesBadCredential() {
        FailureTable.Bound bound = configuration().credentialThrottle().bound();
        if (bound == null) {
            return false;
        }
        long nowNanos = scratch.clock().nanos();
        long waitNanos = scratch.failures().waitNanos(source(), bound, nowNanos);
        if (waitNanos <= 0) {
            scratch.failures().count(source(), bound, nowNanos);
            return false;
        }
        retryAfterSeconds = (waitNanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
        return true;
    }

    private long source() {
        return FailureTable.source(clientAddressBytes());
    }

    @Override
    public boolean hasScope(String scope) {
        return scopes().contains(scope);
    }

    @Override
    public String method() {
        return request.method().name();
    }

    @Override
    public String consumerId() {
        return credential == null ? "" : credential.consumer().id();
    }

    @Override
    public List<String> groups() {
        return credential == null ? List.of() : credential.consumer().groups();
    }

    @Override
    public long epochMillis() {
        return scratch.clock().epochMillis();
    }

    @Override
    public ExpressionFacts expressionFacts() {
        return new CallFacts(this, credential, plan, scopes());
    }

    public void plan(Plan entitling) {
        plan = entitling;
    }

    public @Nullable Plan plan() {
        return plan;
    }

    /** Who calls: the id of the consumer, or the address of an anonymous client. */
    public String caller() {
        return credential == null ? clientAddress() : credential.consumer().id();
    }

    @Override
    public String credentialId() {
        return credential == null ? "" : credential.id();
    }

    @Override
    public String planId() {
        return plan == null ? "" : plan.id();
    }

    @Override
    public String routeId() {
        return route == null ? "" : route.id();
    }

    @Override
    public @Nullable String requestHeader(String lowerCaseName) {
        return request.headers().get(lowerCaseName);
    }

    /** Takes one request from a limit; false when it refuses, and then {@link #retryAfterSeconds} says when it would not. */
    public boolean acquire(RateLimiter limiter) {
        CallLimits known = limits;
        if (known == null) {
            known = new CallLimits();
            limits = known;
        }
        boolean allowed = known.acquire(limiter, this, scratch);
        retryAfterSeconds = scratch.rateDecision().retryAfterSeconds();
        return allowed;
    }

    /** Gives back what limits took: the call is refused after them, or the gateway failed it. */
    public void giveBack() {
        if (limits != null) {
            limits.giveBack(this, scratch);
        }
    }

    /** What the caller is told of its limits; null when nothing limits. */
    public @Nullable CallLimits limits() {
        return limits;
    }

    /** When the caller of a call that is spared or shed may try again. */
    public void retryAfterSeconds(long seconds) {
        retryAfterSeconds = seconds;
    }

    /** Value of the Retry-After field of a 429, and of the 503 of a call that was spared or shed. */
    public long retryAfterSeconds() {
        return retryAfterSeconds;
    }

    /** Name of this request, of 128 characters at most; made when first asked for, or the client's where it may say one. */
    public String requestId() {
        String id = requestId;
        if (id == null) {
            id = scratch.requestIds().of(this);
            requestId = id;
        }
        return id;
    }

    /** True the first time only: a call is counted once. */
    public boolean claimCount() {
        boolean first = !counted;
        counted = true;
        return first;
    }

    /** True the first time only: an exchange ends once. */
    public boolean claimEnd() {
        boolean first = !over;
        over = true;
        return first;
    }

    public boolean isOver() {
        return over;
    }

    /** Whether the caller's plan would rather refuse this call than serve it uncounted. */
    public boolean refusesUnmetered() {
        return plan != null && plan.whenUnmetered() == WhenUnmetered.REFUSE;
    }

    /** The status of the answer, once its head was handed over. */
    public void answerStarted(int status) {
        answerStatus = status;
    }

    public boolean answerStarted() {
        return answerStatus != 0;
    }

    /** Status that was sent; 0 when none was. */
    public int answerStatus() {
        return answerStatus;
    }

    public void addRequestBytes(long bytes) {
        requestBytes += bytes;
    }

    /** Bytes of the request's body so far. */
    public long requestBytes() {
        return requestBytes;
    }

    public void addResponseBytes(long bytes) {
        responseBytes += bytes;
    }

    /** Bytes of the answer's body so far. */
    public long responseBytes() {
        return responseBytes;
    }

    /** Number of the attempt that the upstream is told, from 1; 0: it is not told. */
    public void markedAttempt(int number) {
        markedAttempt = number;
    }

    public int markedAttempt() {
        return markedAttempt;
    }

    /** The request is traced; until an attempt begins, the upstream is told of the request itself. */
    public void trace(RequestTrace begun) {
        trace = begun;
        toldTrace = begun;
    }

    /** Null when nothing is traced. */
    public @Nullable RequestTrace trace() {
        return trace;
    }

    /** What the head that is written next tells the upstream as its cause. */
    public void tellTrace(@Nullable TraceParent cause) {
        toldTrace = cause;
    }

    public @Nullable TraceParent toldTrace() {
        return toldTrace;
    }

    /** The upstream was asked to become a WebSocket, with this key. */
    public void upgradeKey(String key) {
        upgradeKey = key;
    }

    /** The key of the WebSocket that the upstream was asked for; null for every other call. */
    public @Nullable String upgradeKey() {
        return upgradeKey;
    }

    /** Who must hear of it when the client goes away. */
    public void relayedBy(ClientWatcher relaying) {
        watcher = relaying;
    }

    /** The client's connection is gone; false when nobody was relaying, and the exchange is still undecided or over. */
    public boolean clientGone() {
        if (watcher == null) {
            return false;
        }
        watcher.onClientGone();
        return true;
    }

    /** Which target was called, and how long it took to the head of its answer (0: none came). */
    public void upstream(TargetState called, long headNanos) {
        upstreamTarget = called;
        upstreamHeadNanos = headNanos;
    }

    public @Nullable TargetState upstreamTarget() {
        return upstreamTarget;
    }

    public long upstreamHeadNanos() {
        return upstreamHeadNanos;
    }

    /** The call at the upstream is over, so long after its first attempt began. */
    public void upstreamEnded(long nanos) {
        upstreamNanos = nanos;
    }

    /** From the first attempt to the end of the call; 0 when there was none. */
    public long upstreamNanos() {
        return upstreamNanos;
    }
}
