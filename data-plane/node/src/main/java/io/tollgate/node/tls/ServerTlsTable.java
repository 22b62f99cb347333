package io.tollgate.node.tls;

import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.listener.ListenerTls;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** The TLS of each listener of a node, for all its loops. Shared; changed by one thread at a time. */
public final class ServerTlsTable {
    private final TlsStack stack;
    private final HandshakeCounters counters;
    private final LongSupplier clockMillis;
    private final Map<String, ServerTls> byListener = new ConcurrentHashMap<>();

    /** @param clockMillis milliseconds since the Unix epoch */
    public ServerTlsTable(TlsStack stack, HandshakeCounters counters, LongSupplier clockMillis) {
        this.stack = stack;
        this.counters = counters;
        this.clockMillis = clockMillis;
    }

    /**
     * Follows these listeners from the next handshake on, and forgets all others.
     *
     * @return what the stack does not take, by id of the listener, and why; such a listener goes on by its old rules, if it has any
     */
    public Map<String, String> adopt(List<ListenerRules> listeners) {
        Map<String, String> failures = new HashMap<>();
        for (ListenerRules listener : listeners) {
            ListenerTls rules = listener.tls();
            if (rules == null) {
                byListener.remove(listener.id());
                continue;
            }
            try {
                adopt(listener, rules);
            } catch (SSLException e) {
                failures.put(listener.id(), "TLS: " + e.getMessage());
            }
        }
        Set<String> ids = listeners.stream().map(ListenerRules::id).collect(Collectors.toSet());
        byListener.keySet().retainAll(ids);
        return failures;
    }

    private void adopt(ListenerRules listener, ListenerTls rules) throws SSLException {
        List<String> protocols = new ArrayList<>(2);
        if (listener.http2()) {
            protocols.add("h2");
        }
        if (listener.http1()) {
            protocols.add("http/1.1");
        }
        ServerTls known = byListener.get(listener.id());
        if (known == null) {
            byListener.put(listener.id(), new ServerTls(stack, rules, protocols, counters, clockMillis));
        } else {
            known.replace(rules, protocols);
        }
    }

    /** The TLS of a listener; null where it has none. */
    public @Nullable ServerTls of(String listenerId) {
        return byListener.get(listenerId);
    }
}
