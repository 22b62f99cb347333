package io.tollgate.node.listener;

import io.netty.channel.EventLoop;
import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.node.exchange.CallMeter;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.LoopTimer;
import io.tollgate.node.proxy.Forwarder;
import io.tollgate.node.tls.ServerTlsTable;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.internal.ContextInternal;
import io.vertx.core.internal.VertxInternal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * One event loop of the front door: its sockets, one per listener, its share of the clients' connections, and the connections
 * to upstreams that their requests use. Event-loop confined.
 */
public final class FrontDoor extends VerticleBase {
    private static final long SECOND_MILLIS = 1_000;
    /**
     * How long after the end of accepting the answers begin to send clients away: the listening socket, shared by the loops,
     * is closed by then, so that nobody who is sent away dials into a socket that is about to close.
     */
    private static final long DRAIN_START_MILLIS = 100;

    private final LoopParts parts;
    private final Map<String, ListeningSocket> sockets = new HashMap<>();
    private final List<ListeningSocket> leaving = new ArrayList<>();
    private Set<String> wantedIds = Set.of();
    private @Nullable LoopScratch scratch;
    private @Nullable RequestHandler requests;
    private volatile @Nullable Forwarder forwarder;

    public FrontDoor(LoopParts parts) {
        this.parts = parts;
    }

    @Override
    public Future<?> start() {
        Vertx owner = vertx;
        EventLoop loop = ((ContextInternal) context).nettyEventLoop();
        Forwarder calls = new Forwarder(
                (VertxInternal) owner,
                loop,
                new Forwarder.Parts(
                        parts.clock(),
                        parts.counters(),
                        parts.security(),
                        parts.ownFields(),
                        new SnapshotJudge(parts.active())));
        forwarder = calls;
        LoopScratch loopScratch = new LoopScratch(
                parts.clock(),
                new CallMeter(parts.sink(), parts.clock()),
                calls,
                timer(owner, context),
                parts.requestIds(),
                parts.failures());
        RequestHandler handler = new RequestHandler(owner, parts, loopScratch);
        owner.setPeriodic(Forwarder.SWEEP_MILLIS, tick -> calls.sweep());
        owner.setPeriodic(SECOND_MILLIS, tick -> {
            handler.sweep();
            calls.tellPools();
            parts.everySecond().run();
        });
        new LagProbe(owner, parts.clock(), parts.counters()).start();
        scratch = loopScratch;
        requests = handler;
        return Future.succeededFuture();
    }

    private static LoopTimer timer(Vertx owner, Context loop) {
        return new LoopTimer() {
            @Override
            public long after(long millis, Runnable work) {
                return owner.setTimer(millis, due -> work.run());
            }

            @Override
            public void soon(Runnable work) {
                loop.runOnContext(now -> work.run());
            }

            @Override
            public void cancel(long timer) {
                owner.cancelTimer(timer);
            }
        };
    }

    /**
     * Listens by these rules and by no others from now on. What changed is changed without closing a connection; what could
     * not be opened before is tried again. Any thread.
     *
     * @return what could not be opened, by id of the listener, and why
     */
    Future<Map<String, String>> adopt(List<ListenerRules> wanted, ServerTlsTable tls) {
        Promise<Map<String, String>> done = Promise.promise();
        context.runOnContext(now -> {
            try {
                adoptHere(wanted, tls).onComplete(done);
            } catch (RuntimeException | LinkageError bug) {
                // Told, for whoever waits for it would wait in vain.
                done.fail(bug);
            }
        });
        return done.future();
    }

    private Future<Map<String, String>> adoptHere(List<ListenerRules> wanted, ServerTlsTable tls) {
        RequestHandler handler = requests;
        if (handler == null) {
            throw new IllegalStateException("not started");
        }
        Map<String, String> failures = new HashMap<>();
        List<Future<?>> opening = new ArrayList<>();
        Set<String> ids = new HashSet<>();
        for (ListenerRules rules : wanted) {
            ids.add(rules.id());
            ListeningSocket current = sockets.get(rules.id());
            if (current != null && current.rules().sharesSocketWith(rules)) {
                current.follow(rules);
                opening.add(outcome(current, failures));
            } else if (rules.tls() == null) {
                opening.add(open(new ListeningSocket(vertx, rules, null, handler, parts.gates()), failures));
            } else if (tls.of(rules) != null) {
                opening.add(open(new ListeningSocket(vertx, rules, tls.of(rules), handler, parts.gates()), failures));
            }
        }
        wantedIds = Set.copyOf(ids);
        List<ListeningSocket> unwanted = sockets.values().stream()
                .filter(socket -> !ids.contains(socket.rules().id()))
                .toList();
        sockets.values().removeAll(unwanted);
        // Another listener may take over the place of one that goes.
        return leaveBehind(Future.join(opening), unwanted).transform(all -> Future.succeededFuture(failures));
    }

    private Future<?> open(ListeningSocket socket, Map<String, String> failures) {
        ListeningSocket replaced = sockets.put(socket.rules().id(), socket);
        return leaveBehind(socket.open(), replaced == null ? List.of() : List.of(replaced))
                .transform(opened -> outcome(socket, failures));
    }

    /**
     * Leaves sockets once others are open: at the same place they hand over to those. Connections that were accepted for them until then may
     * wait for this loop, and are served before it does what it is told next.
     */
    private Future<?> leaveBehind(Future<?> opened, List<ListeningSocket> left) {
        return left.isEmpty() ? opened : opened.eventually(() -> onLoop(() -> left.forEach(this::leave)));
    }

    private Future<?> outcome(ListeningSocket socket, Map<String, String> failures) {
        return socket.opened().onFailure(cause -> {
            String id = socket.rules().id();
            String message = cause.getMessage();
            failures.put(id, message == null ? cause.getClass().getSimpleName() : message);
            // Forgotten, so that it is opened anew the next time.
            sockets.remove(id, socket);
        });
    }

    private void leave(ListeningSocket socket) {
        leaving.add(socket);
        socket.leave().onComplete(left -> leaving.remove(socket));
    }

    /** The port of the listener that the node has from its environment; only once it is open. */
    public int actualPort() {
        ListeningSocket own = sockets.get("");
        return own == null ? -1 : own.actualPort();
    }

    /** Accepts nothing more, lets the calls in flight end for at most so long, then closes. Any thread. */
    public Future<Void> drain(long timeoutMillis) {
        LoopScratch loopScratch = scratch;
        RequestHandler handler = requests;
        if (loopScratch == null || handler == null) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            vertx.setTimer(DRAIN_START_MILLIS, started -> {
                loopScratch.drain();
                vertx.setPeriodic(Forwarder.SWEEP_MILLIS, tick -> handler.drainIdle());
            });
            leaving.addAll(sockets.values());
            sockets.clear();
            Future.join(leaving.stream()
                            .map(socket -> socket.drain(timeoutMillis))
                            .toList())
                    .<Void>mapEmpty()
                    .onComplete(done);
        });
        return done.future();
    }

    /** Opens a connection of this loop to a target that has none; done once it is open or cannot be opened. Any thread. */
    Future<Void> warm(TargetState target, Transport transport, int connectTimeoutMillis) {
        Forwarder calls = forwarder;
        if (calls == null) {
            return Future.succeededFuture();
        }
        Promise<Void> done = Promise.promise();
        context.runOnContext(
                now -> calls.warm(target, transport, connectTimeoutMillis).onComplete(done));
        return done.future();
    }

    /** Asks the clients of listeners that are not there any more to leave, now that their sockets are closed. Any thread. */
    Future<Void> sendAway() {
        return onLoop(() -> {
            for (ListeningSocket socket : leaving) {
                if (!wantedIds.contains(socket.rules().id())) {
                    socket.sendAway();
                }
            }
        });
    }

    /** Done once the thread that accepts connections has done what it had to do. Any thread. */
    Future<Void> onAcceptor() {
        Promise<Void> done = Promise.promise();
        ((VertxInternal) vertx).acceptorEventLoopGroup().next().execute(done::complete);
        return done.future();
    }

    /** Runs something on this loop; the future says when it is done. Any thread. */
    public Future<Void> onLoop(Runnable work) {
        Promise<Void> done = Promise.promise();
        context.runOnContext(now -> {
            work.run();
            done.complete();
        });
        return done.future();
    }
}
