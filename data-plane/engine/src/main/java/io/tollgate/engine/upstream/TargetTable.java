package io.tollgate.engine.upstream;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the states of targets and services, and the ways to connect to them, are found again across revisions. Shared; lock-free for readers.
 *
 * <p>States are held weakly: as long as some compiled configuration refers to one it is the same one, and what no
 * configuration refers to any more is forgotten. What names were last found to have is kept while they are followed.
 */
public final class TargetTable {
    private final Cache<Key, TargetState> states =
            Caffeine.newBuilder().weakValues().build();
    private final Cache<String, ServiceState> services =
            Caffeine.newBuilder().weakValues().build();
    private final Cache<TransportRules, Transport> transports =
            Caffeine.newBuilder().weakValues().build();
    private final Map<FollowedName, List<NamedInstance>> names = new ConcurrentHashMap<>();

    /**
     * The state of this target: the one that a live configuration already uses, or a new one.
     *
     * @param name that its calls are for; {@code host} itself unless that was found by a name
     */
    public TargetState adopt(String serviceId, String name, String host, int port) {
        return states.get(new Key(serviceId, name, host, port), key -> new TargetState(name, host, port));
    }

    /** The state of this service: the one that a live configuration already uses, or a new one. */
    public ServiceState adopt(String serviceId) {
        return services.get(serviceId, unknown -> new ServiceState());
    }

    /** The way to connect that has these rules: the one that a live configuration already uses, or a new one. */
    public Transport adopt(TransportRules rules) {
        return transports.get(rules, Transport::new);
    }

    /** The instances that this name had last; none before it was asked for. */
    public List<NamedInstance> instances(FollowedName name) {
        return names.getOrDefault(name, List.of());
    }

    /** The name has these now. */
    public void found(FollowedName name, List<NamedInstance> instances) {
        names.put(name, List.copyOf(instances));
    }

    /** Nobody follows other names than these any more. */
    public void keepNames(Collection<FollowedName> followed) {
        names.keySet().retainAll(followed);
    }

    private record Key(String serviceId, String name, String host, int port) {}
}
