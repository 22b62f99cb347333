package io.tollgate.node.listener;

import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.Upstream;
import io.vertx.core.Future;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Opens a connection of every event loop to instances that join others, before they get calls: the first calls there do not pay for
 * it. Shared.
 *
 * <p>An instance that takes none in time joins all the same; what that means is for its calls and checks to find out.
 */
public final class WarmUp {
    /** How long an instance is waited for: calls go to the others meanwhile. */
    private static final int WARM_MILLIS_MAX = 1_000;

    private final List<FrontDoor> doors;
    private final Set<TargetState> warming = ConcurrentHashMap.newKeySet();
    private volatile Collection<Upstream> current = List.of();

    /** @param doors of the node; those that are there when an instance joins */
    public WarmUp(List<FrontDoor> doors) {
        this.doors = doors;
    }

    /** Warms the cold instances of these services, all that there are now, and lets them join once they are warm. Any thread. */
    public void start(Collection<Upstream> upstreams) {
        current = upstreams;
        for (Upstream upstream : upstreams) {
            if (upstream.leavesOut()) {
                for (TargetState cold : upstream.cold()) {
                    if (warming.add(cold)) {
                        warm(cold, upstream.transport());
                    }
                }
                // One that became warm while this service was made is not waited for.
                upstream.refresh();
            }
        }
    }

    private void warm(TargetState cold, Transport transport) {
        Future.join(doors.stream()
                        .map(door -> door.warm(cold, transport, WARM_MILLIS_MAX))
                        .toList())
                .timeout(WARM_MILLIS_MAX, TimeUnit.MILLISECONDS)
                .onComplete(all -> {
                    cold.warmed();
                    warming.remove(cold);
                    for (Upstream upstream : current) {
                        if (upstream.leavesOut()) {
                            upstream.refresh();
                        }
                    }
                });
    }
}
