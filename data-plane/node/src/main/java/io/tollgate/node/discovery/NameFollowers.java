package io.tollgate.node.discovery;

import io.netty.channel.EventLoop;
import io.tollgate.engine.upstream.FollowedName;
import io.tollgate.engine.upstream.NamedInstance;
import io.tollgate.engine.upstream.TargetTable;
import io.tollgate.engine.upstream.Upstream;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.internal.VertxInternal;
import java.net.InetSocketAddress;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * Follows the names of all targets of a node, each once, however many services have it. Confined to one event loop, but for {@link
 * #adopt}.
 *
 * <p>A change of the configuration keeps the names that are still wanted, with what they were last found to have. What a name has now
 * goes into the table first, and then every service of the configuration at hand looks at it again: whichever of the two comes first,
 * a new configuration or a new answer, the services end up with both.
 */
public final class NameFollowers {
    private final EventLoop loop;
    private final DnsLookup lookup;
    private final TargetTable table;
    private final Consumer<Collection<Upstream>> changed;
    private final Map<FollowedName, NameFollower> followers = new HashMap<>();
    private Collection<Upstream> upstreams = List.of();

    /**
     * Followers of nothing yet.
     *
     * @param servers asked in this order; none: those of the operating system
     * @param table receives what names have
     * @param changed is told the services after their instances changed; on the loop
     */
    public NameFollowers(
            VertxInternal vertx,
            List<InetSocketAddress> servers,
            TargetTable table,
            Consumer<Collection<Upstream>> changed) {
        this.loop = vertx.getOrCreateContext().nettyEventLoop();
        this.lookup = new DnsClient(vertx, loop, servers);
        this.table = table;
        this.changed = changed;
    }

    /** Follows the names of these services from here on, and no others. Any thread. Done once each name was asked for. */
    public Future<Void> adopt(Collection<Upstream> wanted) {
        Promise<Void> asked = Promise.promise();
        loop.execute(() -> Future.join(apply(wanted)).onComplete(all -> asked.complete()));
        return asked.future();
    }

    private List<Future<Void>> apply(Collection<Upstream> wanted) {
        upstreams = wanted;
        Set<FollowedName> names = new HashSet<>();
        wanted.forEach(upstream -> names.addAll(upstream.names()));
        followers.entrySet().removeIf(entry -> {
            if (names.contains(entry.getKey())) {
                return false;
            }
            entry.getValue().stop();
            return true;
        });
        table.keepNames(names);
        for (FollowedName name : names) {
            if (!followers.containsKey(name)) {
                NameFollower follower = new NameFollower(
                        name, lookup, loop, ThreadLocalRandom.current(), instances -> found(name, instances));
                followers.put(name, follower);
                follower.start();
            }
        }
        // An answer may have come between the compilation of these services and now.
        wanted.stream().filter(upstream -> !upstream.names().isEmpty()).forEach(Upstream::refresh);
        return followers.values().stream().map(NameFollower::asked).toList();
    }

    private void found(FollowedName name, List<NamedInstance> instances) {
        table.found(name, instances);
        List<Upstream> affected = upstreams.stream()
                .filter(upstream -> upstream.names().contains(name))
                .toList();
        affected.forEach(Upstream::refresh);
        changed.accept(upstreams);
    }
}
