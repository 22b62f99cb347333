package io.tollgate.node.proxy;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tollgate.engine.action.Mirror;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Inquiry;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Relay;
import io.tollgate.node.exchange.StreamJudge;
import io.tollgate.node.exchange.StreamStanding;
import io.tollgate.node.secure.TargetSecurity;
import io.tollgate.node.telemetry.LoopCounters;
import io.vertx.core.Future;
import io.vertx.core.internal.VertxInternal;
import java.util.Collection;
import java.util.concurrent.TimeUnit;

/**
 * Forwards the calls of one event loop. Event-loop confined.
 *
 * <p>The calls under way form a list that a coarse timer walks, so that a call costs no timer of its own: a time-out is
 * noticed at most one {@link #SWEEP_MILLIS} late. Streams are in a list of their own, which is walked twice a second.
 */
public final class Forwarder implements Relay {
    /** How often deadlines are looked at. */
    public static final long SWEEP_MILLIS = 20;

    /** How often streams are looked at, and calls that go on for longer than that. */
    static final long LOOK_NANOS = 500_000_000;

    private final Clock clock;
    private final LoopCounters counters;
    private final ClientPool pool;
    private final EventLoop loop;
    private final RequestHead requestHead;
    private final StreamJudge judge;
    private final SwitchHead switchHead = new SwitchHead();
    private final Mirrors mirrors;
    private final CallList underWay = new CallList();
    private final CallList streams = new CallList();
    private long lastLookNanos;

    /**
     * What a forwarder works with. Immutable; its parts are shared or confined as they say.
     *
     * @param ownFields fields that the gateway writes itself, beside those that it always does
     * @param judge says which streams go on
     */
    public record Parts(
            Clock clock,
            LoopCounters counters,
            TargetSecurity security,
            Collection<String> ownFields,
            StreamJudge judge) {}

    /** A forwarder whose connections live on {@code loop}, the loop that calls it. */
    public Forwarder(VertxInternal vertx, EventLoop loop, Parts parts) {
        this.requestHead = new RequestHead(HopByHop.requestAnd(parts.ownFields()));
        this.judge = parts.judge();
        this.clock = parts.clock();
        this.counters = parts.counters();
        this.loop = loop;
        this.pool = new ClientPool(vertx, loop, parts.counters(), parts.security());
        this.mirrors = new Mirrors(this);
    }

    @Override
    public void forward(Exchange exchange, Upstream upstream, CallRules rules, Ending ending) {
        // What becomes a stream is neither repeated nor sent twice.
        boolean once = (rules.retry() != null || rules.hedge() != null)
                && Handshake.key(exchange.request(), exchange.body()) != null;
        ForwardedCall call = new ForwardedCall(
                this, new ForwardedCall.Order(exchange, upstream, once ? rules.once() : rules, ending));
        exchange.relayedBy(call);
        underWay.add(call);
        call.start();
    }

    @Override
    public void mirror(Exchange exchange, Mirror mirror) {
        mirrors.start(exchange, mirror);
    }

    @Override
    public Runnable ask(Inquiry inquiry, Inquiry.Listener listener) {
        InquiryCall call = new InquiryCall(this, inquiry, listener);
        call.start();
        return call::abandon;
    }

    @Override
    public boolean isStillWelcome(Exchange exchange) {
        CompiledConfiguration admitting = exchange.configuration();
        Outcome now = judge.judge(new StreamStanding(exchange), clock.nanos());
        // What its route does was chosen from the configuration that let it in.
        exchange.configuration(admitting);
        return now != Outcome.STREAM_REVOKED;
    }

    /** Opens a connection to a target that has none here; done once it is open or cannot be opened. */
    public Future<Void> warm(TargetState target, Transport transport, int connectTimeoutMillis) {
        TargetConnections connections = pool.of(target, transport);
        WarmingConnection warming = new WarmingConnection(clock, connectTimeoutMillis);
        return connections.open() == 0 && connections.acquireFresh(warming) ? warming.done() : Future.succeededFuture();
    }

    /** Ends the calls whose time is over, and idle connections. */
    public void sweep() {
        long nowNanos = clock.nanos();
        for (ForwardedCall call = underWay.first(); call != null; ) {
            ForwardedCall next = call.next;
            call.checkDeadlines(nowNanos);
            call = next;
        }
        if (nowNanos - lastLookNanos >= LOOK_NANOS) {
            lastLookNanos = nowNanos;
            look(underWay, nowNanos);
            look(streams, nowNanos);
        }
        mirrors.sweep(nowNanos);
        pool.sweep(nowNanos);
    }

    /** Tells the counters of the connections there are. */
    public void tellPools() {
        counters.pools(pool.figures());
    }

    /** Closes the idle connections; calls under way keep theirs. */
    public void close() {
        pool.close();
    }

    /** Runs something later on this loop. */
    ScheduledFuture<?> later(long millis, Runnable work) {
        return loop.schedule(work, millis, TimeUnit.MILLISECONDS);
    }

    /** Runs something on this loop soon. Any thread. */
    void execute(Runnable work) {
        loop.execute(work);
    }

    Clock clock() {
        return clock;
    }

    LoopCounters counters() {
        return counters;
    }

    ClientPool pool() {
        return pool;
    }

    RequestHead requestHead() {
        return requestHead;
    }

    StreamJudge judge() {
        return judge;
    }

    SwitchHead switchHead() {
        return switchHead;
    }

    private static void look(CallList calls, long nowNanos) {
        for (ForwardedCall call = calls.first(); call != null; ) {
            ForwardedCall next = call.next;
            call.look(nowNanos);
            call = next;
        }
    }

    /** A call has become a stream, whose time-outs are others. */
    void streams(ForwardedCall call) {
        underWay.remove(call);
        streams.add(call);
    }

    /** A call is over. */
    void remove(ForwardedCall call, boolean streamed) {
        (streamed ? streams : underWay).remove(call);
    }
}
