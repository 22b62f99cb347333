package io.tollgate.node.exchange;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The places at which the gateway answers by itself, by path and host. Immutable. */
public final class OwnEndpoints {
    /** There are none. */
    public static final OwnEndpoints NONE = new OwnEndpoints(Map.of());

    private final Map<String, Map<String, OwnEndpoint>> byPathAndHost;

    private OwnEndpoints(Map<String, Map<String, OwnEndpoint>> byPathAndHost) {
        this.byPathAndHost = byPathAndHost;
    }

    /** Makes them. One thread. */
    public static final class Builder {
        private final Map<String, Map<String, OwnEndpoint>> all = new HashMap<>();

        /** @param host in lower case, without a port */
        public Builder add(String host, String path, OwnEndpoint endpoint) {
            all.computeIfAbsent(path, first -> new HashMap<>()).put(host, endpoint);
            return this;
        }

        public OwnEndpoints build() {
            all.replaceAll((path, hosts) -> Map.copyOf(hosts));
            return all.isEmpty() ? NONE : new OwnEndpoints(Map.copyOf(all));
        }
    }

    /** The one at this path of this host; null when there is none. No allocation. */
    public @Nullable OwnEndpoint find(String host, String path) {
        if (byPathAndHost.isEmpty()) {
            return null;
        }
        Map<String, OwnEndpoint> hosts = byPathAndHost.get(path);
        return hosts == null ? null : hosts.get(host);
    }
}
