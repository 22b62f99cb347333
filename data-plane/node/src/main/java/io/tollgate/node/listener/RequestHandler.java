package io.tollgate.node.listener;

import io.netty.channel.Channel;
import io.netty.handler.codec.DecoderResult;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.tollgate.engine.address.IpAddress;
import io.tollgate.engine.policy.CorsPolicy;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.SecurityHeadersPolicy;
import io.tollgate.engine.route.DuplicateSlashes;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.route.RouteVerdict;
import io.tollgate.node.accesslog.AccessLog;
import io.tollgate.node.exchange.ConnectionEnd;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeClass;
import io.tollgate.node.exchange.OutcomeSource;
import io.tollgate.node.exchange.OwnEndpoint;
import io.tollgate.node.exchange.RequestTrace;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Unresolved;
import io.tollgate.node.pipeline.ActiveSnapshot;
import io.tollgate.node.pipeline.CompiledSnapshot;
import io.tollgate.node.pipeline.Pipeline;
import io.tollgate.node.proxy.CorsFields;
import io.tollgate.node.telemetry.LoopCounters;
import io.tollgate.node.trace.Traces;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.net.impl.ConnectionBase;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The order of things in a request: read, match, resolve, admit, answer, finish. One per event loop, confined to it.
 *
 * <p>Each step returns a value; only {@link #ended} is called back, once per request, and {@link #goOn} after a wait.
 */
final class RequestHandler implements Ending {
    /** Longest wait for a request while the node stops: longer than a request that is already on its way takes to arrive. */
    static final long DRAIN_IDLE_NANOS_MAX = 500_000_000L;

    private static final int SWITCHING_PROTOCOLS = 101;

    private static final Logger LOG = Logger.getLogger(RequestHandler.class.getName());

    private final Vertx vertx;
    private final ActiveSnapshot active;
    private final LoopScratch scratch;
    private final LoopCounters counters;
    private final AnswerWriter answers;
    private final @Nullable AccessLog accessLog;
    private final @Nullable Traces traces;
    private final RequestReading reading = new RequestReading();
    private final MatchedRequest asked = new MatchedRequest();
    private final Map<HttpConnection, ClientConnection> connections = new IdentityHashMap<>();
    private final Map<Channel, HttpConnection> switching = new IdentityHashMap<>();

    RequestHandler(Vertx vertx, LoopParts parts, LoopScratch scratch) {
        this.vertx = vertx;
        this.active = parts.active();
        this.scratch = scratch;
        this.counters = parts.counters();
        this.answers = parts.answers();
        this.accessLog = parts.accessLog();
        this.traces = parts.traces();
    }

    void onConnection(HttpConnection connection, ListeningSocket socket) {
        if (socket.rules().proxyProtocol() && !isAdmitted(connection)) {
            connection.close();
            return;
        }
        ClientConnection state =
                new ClientConnection(connection, socket, scratch.clock().nanos());
        connections.put(connection, state);
        DrainGate.guard(connection);
        if (!RequestStreams.areOn(connection)) {
            VersionGate.guard(connection);
            counters.connectionOpened();
        } else {
            Runnable onReset =
                    FrameFloods.guard(connection, state.bounds(), scratch.clock(), counters::connectionEnded);
            RequestStreams.guard(connection, state, refusal -> {
                counters.streamRefused(refusal);
                onReset.run();
            });
            HttpConnection before = switching.remove(channel(connection));
            if (before == null) {
                counters.connectionOpened();
            } else {
                connections.remove(before);
            }
        }
        connection.closeHandler(closed -> {
            connections.remove(connection);
            counters.connectionClosed();
            state.onClosed();
        });
    }

    /**
     * A connection turns out to be one of HTTP/2, which comes to {@link #onConnection} once its client has sent its settings.
     * Until then it idles as the one that it was.
     */
    void onSwitch(HttpConnection connection) {
        Channel channel = channel(connection);
        switching.put(channel, connection);
        channel.closeFuture().addListener(closed -> {
            if (switching.remove(channel) != null) {
                connections.remove(connection);
                counters.connectionClosed();
            }
        });
    }

    private static Channel channel(HttpConnection connection) {
        return ((ConnectionBase) connection).channel();
    }

    private static boolean isAdmitted(HttpConnection connection) {
        byte[] client = IpAddress.parse(connection.remoteAddress().hostAddress());
        try {
            return client == null
                    || !(connection instanceof ConnectionBase base)
                    || AcceptGate.enter(base.channel(), InetAddress.getByAddress(client));
        } catch (UnknownHostException e) {
            throw new IllegalStateException(e);
        }
    }

    void onRequest(HttpServerRequest request) {
        ClientConnection connection = connections.get(request.connection());
        if (connection != null && connection.isRefused()) {
            // Sent before the client knew; the connection is about to close.
            return;
        }
        Exchange exchange = begin(request);
        if (connection != null && connection.takeRefusedHead(request)) {
            ended(exchange, Outcome.HEADER_TOO_LARGE);
            return;
        }
        try {
            Outcome outcome = decide(exchange);
            if (outcome != Outcome.OK) {
                ended(exchange, outcome);
            }
        } catch (RuntimeException bug) {
            onBug(exchange, bug);
        }
    }

    void onInvalidRequest(HttpServerRequest request) {
        DecoderResult result = request.decoderResult();
        Throwable cause = result == null ? null : result.cause();
        Outcome outcome = cause instanceof TooLongHttpLineException
                ? Outcome.URI_TOO_LONG
                : cause instanceof TooLongHttpHeaderException ? Outcome.HEADER_TOO_LARGE : Outcome.BAD_REQUEST;
        ended(begin(request), outcome);
    }

    /** Closes connections that idle; called from time to time. */
    void sweep() {
        closeIdle(false);
    }

    /** Closes connections on which no request is on its way any more; called often while the node stops. */
    void drainIdle() {
        long nowNanos = scratch.clock().nanos();
        connections.values().forEach(connection -> connection.sendAway(nowNanos));
        closeIdle(true);
    }

    private void closeIdle(boolean leaving) {
        long nowNanos = scratch.clock().nanos();
        for (ClientConnection connection : List.copyOf(connections.values())) {
            ConnectionEnd end = connection.closeIfIdle(nowNanos, leaving);
            if (end != null) {
                counters.connectionEnded(end);
            }
        }
    }

    private Exchange begin(HttpServerRequest request) {
        long nowNanos = scratch.clock().nanos();
        ClientConnection connection = connections.get(request.connection());
        if (connection == null) {
            connection = new ClientConnection(request.connection(), null, nowNanos);
        }
        Exchange exchange = new Exchange(
                request, scratch, connection.client(request), connection.proxies(request.headers()), nowNanos);
        exchange.bounds(connection.bounds());
        if (connection.begin(exchange)) {
            counters.connectionEnded(ConnectionEnd.REQUESTS);
        }
        if (traces != null) {
            exchange.trace(traces.begin(exchange));
        }
        if (!exchange.ownsConnection()) {
            HttpServerResponse response = request.response();
            response.closeHandler(closed -> {
                // A stream also closes at the end of an answer.
                if (!response.ended()) {
                    exchange.clientGone();
                }
            });
        }
        counters.requestStarted();
        return exchange;
    }

    /** OK: an answerer has the call, and says itself how it ends. */
    private Outcome decide(Exchange exchange) {
        CompiledSnapshot snapshot = active.get();
        DuplicateSlashes slashes = snapshot == null
                ? DuplicateSlashes.MERGE
                : snapshot.configuration().duplicateSlashes();
        // Also where there is none: a call may be decided on anew.
        exchange.hsts(snapshot == null ? null : snapshot.configuration().hsts());
        exchange.securityHeaders(
                snapshot == null ? null : snapshot.configuration().securityHeaders());
        exchange.cors(null);
        exchange.compressedBy(null);
        String uri = exchange.request().uri();
        if (uri != null && uri.length() > exchange.bounds().requestLineBytesMax()) {
            return Outcome.URI_TOO_LONG;
        }
        if ("*".equals(uri)) {
            return answerForItself(exchange);
        }
        if (uri == null || !reading.isClear(exchange, slashes)) {
            return Outcome.BAD_REQUEST;
        }
        if (exchange.bounds().isTooLong(exchange.body().lengthBytes())) {
            return Outcome.BODY_TOO_LARGE;
        }
        if (snapshot == null) {
            return Outcome.NOT_READY;
        }
        counters.adopt(snapshot.revision(), snapshot.configuration().routesByOrdinal());
        Map<String, String> acmeAnswers = snapshot.configuration().acmeAnswers().keyAuthorizations();
        GatewayAnswer acme = acmeAnswers.isEmpty() ? null : AcmeAnswer.to(exchange, acmeAnswers);
        if (acme != null) {
            exchange.answerHere(acme);
            ended(exchange, Outcome.OK);
            return Outcome.OK;
        }
        OwnEndpoint own = snapshot.endpoints().find(exchange.client().host(), exchange.path());
        if (own != null) {
            exchange.configuration(snapshot.configuration());
            // Nobody is billed for it.
            exchange.claimCount();
            own.answer(exchange, this);
            return Outcome.OK;
        }
        String method = CorsFields.askedMethod(exchange);
        if (method != null && answerPreflight(exchange, snapshot, method)) {
            return Outcome.OK;
        }
        exchange.cors(snapshot.configuration().cors());
        Outcome matched = match(exchange, snapshot);
        if (matched != Outcome.OK) {
            return matched;
        }
        Pipeline pipeline = snapshot.pipeline(scratch.routeMatch().route());
        Outcome welcome = pipeline.admitUnknown(exchange);
        return welcome == Outcome.OK ? resolve(exchange, snapshot, 0) : welcome;
    }

    /** Asks the resolvers of the route from this one on; the call waits where one does not know yet. */
    private Outcome resolve(Exchange exchange, CompiledSnapshot snapshot, int first) {
        Pipeline pipeline = snapshot.pipeline(routeOf(exchange));
        List<Resolver> resolvers = pipeline.resolvers();
        for (int i = first; i < resolvers.size(); i++) {
            Unresolved unresolved = resolvers.get(i).ask(exchange);
            if (unresolved != null) {
                int next = i + 1;
                new Wait(exchange, this, unresolved).start(() -> goOn(exchange, snapshot, next));
                return Outcome.OK;
            }
        }
        return admit(exchange, pipeline);
    }

    /**
     * Goes on after a wait. What was published meanwhile, a revocation above all, decides from the beginning; a call waits again only
     * when that asks for what is not known yet.
     */
    @SuppressWarnings("ReferenceEquality") // Whether it is the same snapshot.
    private void goOn(Exchange exchange, CompiledSnapshot snapshot, int next) {
        goOn(exchange, () -> {
            Outcome outcome = active.get() == snapshot ? resolve(exchange, snapshot, next) : decide(exchange);
            if (outcome != Outcome.OK) {
                ended(exchange, outcome);
            }
        });
    }

    @Override
    public void goOn(Exchange exchange, Runnable step) {
        try {
            step.run();
        } catch (RuntimeException bug) {
            onBug(exchange, bug);
        }
    }

    private static Route routeOf(Exchange exchange) {
        Route route = exchange.route();
        if (route == null) {
            throw new IllegalStateException("no route was found yet");
        }
        return route;
    }

    private Outcome admit(Exchange exchange, Pipeline pipeline) {
        Outcome admitted = pipeline.admit(exchange);
        if (admitted != Outcome.OK) {
            return admitted;
        }
        if (exchange.refusesUnmetered() && !scratch.meter().hasRoom()) {
            return Outcome.UNMETERED;
        }
        pipeline.answerer().answer(exchange, this);
        return Outcome.OK;
    }

    /** OPTIONS of no resource asks for the server itself (RFC 9110, 9.3.7), which has nothing to tell; nobody is billed for it. */
    private Outcome answerForItself(Exchange exchange) {
        if (!HttpMethod.OPTIONS.equals(exchange.request().method()) || !RequestReading.isClearWithoutTarget(exchange)) {
            return Outcome.BAD_REQUEST;
        }
        exchange.target("*", "", false);
        exchange.claimCount();
        exchange.answerHere(new GatewayAnswer(204, List.of(), ""));
        ended(exchange, Outcome.OK);
        return Outcome.OK;
    }

    /** Whether a browser's question was answered: the route of the call that it wants to make says so. Nobody is billed for it. */
    private boolean answerPreflight(Exchange exchange, CompiledSnapshot snapshot, String method) {
        RouteMatch match = scratch.routeMatch();
        match.reset();
        if (snapshot.configuration().routes().match(asked.of(exchange, method), match) != RouteVerdict.FOUND) {
            return false;
        }
        CorsPolicy cors = snapshot.pipeline(match.route()).cors();
        if (cors == null) {
            return false;
        }
        exchange.routed(match.route(), snapshot.pipeline(match.route()).rewrite(), match.matchedPrefixLength());
        exchange.claimCount();
        exchange.answerHere(CorsFields.preflight(exchange, cors, method));
        ended(exchange, Outcome.OK);
        return true;
    }

    private Outcome match(Exchange exchange, CompiledSnapshot snapshot) {
        RouteMatch match = scratch.routeMatch();
        match.reset();
        RouteVerdict verdict = snapshot.configuration().routes().match(asked.of(exchange), match);
        switch (verdict) {
            case NOT_FOUND -> {
                return Outcome.ROUTE_NOT_FOUND;
            }
            case METHOD_NOT_ALLOWED -> {
                exchange.allowedMethods(String.join(", ", match.allowedMethods()));
                return Outcome.METHOD_NOT_ALLOWED;
            }
            case FOUND -> {
                Route route = match.route();
                Pipeline pipeline = snapshot.pipeline(route);
                exchange.configuration(snapshot.configuration());
                exchange.routed(route, pipeline.rewrite(), match.matchedPrefixLength());
                exchange.challenges(pipeline.challenges());
                if (pipeline.keepsParameters()) {
                    exchange.parameters(match.pathPattern().parameterNames(), match.parameterValues());
                }
                HstsPolicy hsts = pipeline.hsts();
                if (hsts != null) {
                    exchange.hsts(hsts);
                }
                CorsPolicy cors = pipeline.cors();
                if (cors != null) {
                    exchange.cors(cors);
                }
                SecurityHeadersPolicy security = pipeline.securityHeaders();
                if (security != null) {
                    exchange.securityHeaders(security);
                }
                exchange.compressedBy(pipeline.compression());
                return Outcome.OK;
            }
        }
        throw new IllegalStateException("verdict " + verdict);
    }

    private void onBug(Exchange exchange, RuntimeException bug) {
        LOG.log(Level.SEVERE, "event=request-failed request_id=" + exchange.requestId(), bug);
        if (!exchange.isOver()) {
            ended(exchange, Outcome.INTERNAL);
        }
    }

    @Override
    public void ended(Exchange exchange, Outcome outcome) {
        if (!exchange.claimEnd()) {
            return;
        }
        if (outcome.source() == OutcomeSource.GATEWAY) {
            // A request that the gateway itself failed must not cost the caller anything.
            exchange.giveBack();
        }
        // A stream of HTTP/2 ends by itself: what its client still sends is stopped (UnreadStreams), others are not
        // touched.
        boolean alone = exchange.ownsConnection();
        boolean drain =
                alone && outcome != Outcome.CLIENT_GONE && !exchange.isBodyBroken() && BodyDrain.isNeeded(exchange);
        DecoderResult read = exchange.request().decoderResult();
        // Whoever sends what cannot be read is not read any further: the next bytes may mean something else to it (RFC
        // 9112, 2.2). Nor is whoever is too slow.
        boolean refused = alone
                && (outcome == Outcome.BAD_REQUEST || exchange.isBodyBroken() || (read != null && read.isFailure()));
        boolean close = refused || (drain && BodyDrain.mustClose(exchange));
        boolean sendAway = close || exchange.endsConnection();
        if (outcome != Outcome.OK) {
            scratch.meter().count(exchange, outcome.usageClass());
        }
        GatewayAnswer own = exchange.answerHere();
        // gRPC tells an ending by its own status, whatever the service that was asked says.
        boolean handedOn = outcome == Outcome.FORWARD_AUTH_REFUSED && !exchange.isGrpc();
        if (own != null && (outcome == Outcome.OK || handedOn)) {
            answers.write(exchange, own, sendAway);
        } else if (outcome != Outcome.OK && !exchange.answerStarted() && outcome != Outcome.CLIENT_GONE) {
            answers.write(exchange, outcome, sendAway);
        }
        ClientConnection connection = connections.get(exchange.request().connection());
        if (refused && connection != null) {
            connection.refuse();
        }
        if (drain) {
            BodyDrain.start(vertx, exchange.request(), close);
        } else if (refused) {
            exchange.request().connection().close();
        }
        finish(exchange, outcome);
    }

    private void finish(Exchange exchange, Outcome outcome) {
        long nowNanos = scratch.clock().nanos();
        // What became a stream was counted as the answer that it began with.
        OutcomeClass outcomeClass = outcome == Outcome.OK || exchange.answerStatus() == SWITCHING_PROTOCOLS
                ? OutcomeClass.ofUpstreamStatus(exchange.answerStatus())
                : outcome.usageClass();
        counters.requestEnded(exchange, outcome, outcomeClass, nowNanos);
        ClientConnection connection = connections.get(exchange.request().connection());
        if (connection != null) {
            connection.end(exchange, nowNanos);
        }
        RequestTrace trace = exchange.trace();
        if (trace != null) {
            trace.ended(exchange, outcome);
        }
        if (accessLog != null) {
            accessLog.offer(exchange, outcome, nowNanos, scratch.clock().epochMillis());
        }
    }
}
