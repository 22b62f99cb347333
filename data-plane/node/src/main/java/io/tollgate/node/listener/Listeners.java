package io.tollgate.node.listener;

import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.tls.Certificate;
import io.tollgate.node.tls.ServerTlsTable;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Where the node listens: at its own address, and where its configuration says. Opens, changes and closes sockets on all event
 * loops. Shared.
 *
 * <p>A listener that cannot be opened does not keep a configuration from being served: other nodes may well open it. It is
 * told to whoever asks, and tried again from time to time.
 */
public final class Listeners {
    private static final Logger LOG = Logger.getLogger(Listeners.class.getName());

    private final List<FrontDoor> doors;
    private final ListenerRules own;
    private final ServerTlsTable tls;
    private List<ListenerRules> wanted;
    private boolean closed;
    private volatile List<State> states = List.of();

    /**
     * How one listener of the configuration fares here. Immutable.
     *
     * @param failure why it does not listen; null when it does
     */
    public record State(ListenerRules rules, @Nullable String failure) {}

    /**
     * @param doors one per event loop, started
     * @param own what the node listens on by its environment
     * @param tls of those that speak it
     */
    public Listeners(List<FrontDoor> doors, ListenerRules own, ServerTlsTable tls) {
        this.tls = tls;
        this.doors = List.copyOf(doors);
        this.own = own;
        this.wanted = List.of(own);
    }

    /** Listens at the own address; fails when that cannot be opened. */
    public Future<Void> open() {
        return apply(List.of(own)).compose(failures -> {
            String failure = failures.get(own.id());
            return failure == null ? Future.succeededFuture() : Future.failedFuture(failure);
        });
    }

    /** Proves these names to ACME servers from now on: certificates by name. Any thread. */
    public synchronized void prove(Map<String, Certificate> certificates) {
        tls.prove(certificates);
    }

    /** Listens where the configuration says from now on; done once that is so as far as it can be. Any thread. */
    public Future<Void> adopt(List<ListenerRules> configured) {
        List<ListenerRules> all = new ArrayList<>(configured.size() + 1);
        all.add(own);
        all.addAll(configured);
        return apply(List.copyOf(all)).mapEmpty();
    }

    /** Tries what could not be opened once more. Any thread. */
    public void retry() {
        List<ListenerRules> again;
        synchronized (this) {
            again = wanted;
        }
        if (states.stream().anyMatch(state -> state.failure() != null)) {
            apply(again);
        }
    }

    /** The listeners of the configuration and how they fare, by name. Any thread. */
    public List<State> states() {
        return states;
    }

    /** Nothing is opened any more: the node stops. */
    public synchronized void close() {
        closed = true;
    }

    // Each loop gets the lists in the order in which they come here.
    private synchronized Future<Map<String, String>> apply(List<ListenerRules> rules) {
        if (closed) {
            return Future.succeededFuture(Map.of());
        }
        wanted = rules;
        Map<String, String> refused = tls.adopt(rules);
        List<Future<Map<String, String>>> adopted =
                doors.stream().map(door -> door.adopt(rules, tls)).toList();
        return Future.join(adopted)
                .compose(all -> closed())
                .map(all -> {
                    Map<String, String> failures = new HashMap<>(refused);
                    adopted.forEach(one -> failures.putAll(one.result()));
                    tell(rules, failures);
                    return failures;
                })
                .onFailure(bug -> LOG.log(Level.SEVERE, "event=listeners-not-adopted", bug));
    }

    /**
     * Done once the sockets that were left are closed, so that nobody is accepted there after an acknowledgement. The last loop that
     * leaves has it done by the loop that came first, and that by the thread that accepts: each is asked behind that work.
     */
    private Future<Void> closed() {
        return Future.join(doors.stream().map(door -> door.onLoop(() -> {})).toList())
                .compose(loops -> doors.get(0).onAcceptor())
                .compose(accepted ->
                        Future.join(doors.stream().map(FrontDoor::sendAway).toList()))
                .mapEmpty();
    }

    private synchronized void tell(List<ListenerRules> rules, Map<String, String> failures) {
        if (!rules.equals(wanted)) {
            return;
        }
        List<State> now = new ArrayList<>();
        for (ListenerRules one : rules) {
            if (!one.id().isEmpty()) {
                now.add(new State(one, failures.get(one.id())));
            }
        }
        for (State state : now) {
            if (!states.contains(state)) {
                if (state.failure() == null) {
                    LOG.info("event=listener-open name=" + state.rules().name() + " address="
                            + state.rules().address() + " port=" + state.rules().port());
                } else {
                    LOG.warning("event=listener-failed name=" + state.rules().name() + " address="
                            + state.rules().address() + " port=" + state.rules().port() + " reason=\""
                            + state.failure() + '"');
                }
            }
        }
        states = List.copyOf(now);
    }
}
