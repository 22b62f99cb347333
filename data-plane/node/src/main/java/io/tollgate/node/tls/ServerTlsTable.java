package io.tollgate.node.tls;

import io.tollgate.engine.listener.ListenerRules;
import io.tollgate.engine.listener.ListenerTls;
import io.tollgate.engine.tls.Certificate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.logging.Logger;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * The TLS of each place where a node listens, for all its loops: where one listener takes over from another, handshakes follow the new one
 * at once, also those of its predecessor's sockets. Shared; changed by one thread at a time.
 */
public final class ServerTlsTable {
    private static final Logger LOG = Logger.getLogger(ServerTlsTable.class.getName());

    private final TlsStack stack;
    private final TlsHandler.House house;
    private final AcmeTls acme;
    private final LongSupplier clockMillis;
    private final Map<Place, Spoken> byPlace = new ConcurrentHashMap<>();

    private record Place(String address, int port) {
        static Place of(ListenerRules listener) {
            return new Place(listener.address(), listener.port());
        }
    }

    /** @param listenerId by whose rules */
    private record Spoken(String listenerId, ServerTls tls) {}

    /** @param clockMillis milliseconds since the Unix epoch */
    public ServerTlsTable(TlsStack stack, HandshakeCounters counters, LongSupplier clockMillis) {
        this.stack = stack;
        this.acme = new AcmeTls(stack);
        this.house = new TlsHandler.House(counters, acme);
        this.clockMillis = clockMillis;
    }

    /**
     * Follows these listeners from the next handshake on, and forgets all others.
     *
     * @return what the stack does not take, by id of the listener, and why; such a listener goes on by its old rules, if it has any
     */
    public Map<String, String> adopt(List<ListenerRules> listeners) {
        Map<String, String> failures = new HashMap<>();
        Set<Place> places = new HashSet<>();
        for (ListenerRules listener : listeners) {
            ListenerTls rules = listener.tls();
            if (rules == null) {
                continue;
            }
            Place place = Place.of(listener);
            places.add(place);
            try {
                byPlace.put(place, new Spoken(listener.id(), adopt(place, listener, rules)));
            } catch (SSLException e) {
                failures.put(listener.id(), "TLS: " + e.getMessage());
                // Not by the rules of somebody else, which may ask less of clients.
                byPlace.computeIfPresent(
                        place, (same, spoken) -> spoken.listenerId().equals(listener.id()) ? spoken : null);
            }
        }
        byPlace.keySet().retainAll(places);
        return failures;
    }

    private ServerTls adopt(Place place, ListenerRules listener, ListenerTls rules) throws SSLException {
        List<String> protocols = new ArrayList<>(2);
        if (listener.http2()) {
            protocols.add("h2");
        }
        if (listener.http1()) {
            protocols.add("http/1.1");
        }
        Spoken known = byPlace.get(place);
        if (known == null) {
            return new ServerTls(stack, rules, protocols, house, clockMillis);
        }
        known.tls().replace(rules, protocols);
        return known.tls();
    }

    /**
     * Proves these names to ACME servers from the next handshake on, at all listeners, and no others (RFC 8737).
     *
     * @param certificates by name in lower case
     */
    public void prove(Map<String, Certificate> certificates) {
        try {
            acme.replace(certificates);
        } catch (SSLException e) {
            // Those of before stay; the ACME server will say that a proof is missing.
            LOG.warning("event=acme-proof-refused reason=\"" + e.getMessage() + '"');
        }
    }

    /** The TLS of a listener; null where it has none. */
    public @Nullable ServerTls of(ListenerRules listener) {
        Spoken spoken = byPlace.get(Place.of(listener));
        return spoken == null ? null : spoken.tls();
    }
}
