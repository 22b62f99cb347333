package io.tollgate.engine.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;

/**
 * Where the states of targets and services are found again across revisions. Shared; lock-free for readers.
 *
 * <p>States are held weakly: as long as some compiled configuration refers to one it is the same one, and what no
 * configuration refers to any more is forgotten.
 */
public final class TargetTable {
    private final Cache<Key, TargetState> states =
            Caffeine.newBuilder().weakValues().build();
    private final Cache<String, ServiceState> services =
            Caffeine.newBuilder().weakValues().build();

    /** The state of this target: the one that a live configuration already uses, or a new one. */
    public TargetState adopt(String serviceId, String host, int port) {
        return states.get(new Key(serviceId, host, port), key -> new TargetState(key.host(), key.port()));
    }

    /** The state of this service: the one that a live configuration already uses, or a new one. */
    public ServiceState adopt(String serviceId) {
        return services.get(serviceId, unknown -> new ServiceState());
    }

    private record Key(String serviceId, String host, int port) {}
}
