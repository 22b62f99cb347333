package io.tollgate.node.discovery;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import io.tollgate.engine.upstream.Discovery;
import io.tollgate.engine.upstream.FollowedName;
import io.tollgate.engine.upstream.NamedInstance;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Follows one name: asks, tells when the instances changed, and asks again when the answer's time to live is over. Never
 * two questions at once. Confined to its event loop.
 *
 * <p>What could not be asked, or came back empty, changes nothing: the last good answer stays. Addresses of the two
 * families are kept apart for this, so that one server that forgets AAAA takes no IPv4 instance away.
 */
final class NameFollower {
    /** Shortest time to an answer's renewal: a name server with a TTL of 0 is not asked without end. */
    static final long TTL_MILLIS_MIN = 1_000;
    /** Longest: a change is noticed in minutes, whatever the record says. */
    static final long TTL_MILLIS_MAX = 300_000;
    /** Longest wait after failures, which double it from {@link #TTL_MILLIS_MIN} on. */
    static final long FAILURE_MILLIS_MAX = 30_000;
    /** Waits are longer by a random share of up to this, so that nodes do not ask in step. */
    private static final int JITTER_PERCENT_MAX = 10;

    private static final Logger LOG = Logger.getLogger(NameFollower.class.getName());

    private final FollowedName name;
    private final DnsLookup lookup;
    private final EventLoop loop;
    private final RandomGenerator random;
    private final Consumer<List<NamedInstance>> changed;
    private DnsAnswer ipv4 = DnsAnswer.EMPTY;
    private DnsAnswer ipv6 = DnsAnswer.EMPTY;
    private DnsAnswer services = DnsAnswer.EMPTY;
    private List<NamedInstance> told = List.of();
    private final Promise<Void> asked = Promise.promise();
    private int failures;
    private boolean stopped;
    private @Nullable ScheduledFuture<?> next;

    NameFollower(
            FollowedName name,
            DnsLookup lookup,
            EventLoop loop,
            RandomGenerator random,
            Consumer<List<NamedInstance>> changed) {
        this.name = name;
        this.lookup = lookup;
        this.loop = loop;
        this.random = random;
        this.changed = changed;
    }

    /** Asks now and from then on. */
    void start() {
        if (name.discovery() == Discovery.SRV) {
            lookup.services(name.host())
                    .onComplete(answered -> onLoop(() -> {
                        services = keepGood(services, answered);
                        settle(
                                services,
                                answered.failed()
                                        || answered.result().instances().isEmpty());
                    }));
            return;
        }
        Future<DnsAnswer> four = lookup.addresses(name.host(), DnsLookup.AddressFamily.IPV4);
        Future<DnsAnswer> six = lookup.addresses(name.host(), DnsLookup.AddressFamily.IPV6);
        Future.join(four, six)
                .onComplete(both -> onLoop(() -> {
                    boolean nothing = isNothing(four) && isNothing(six);
                    // A family that has no records any more is gone, unless the other one has none either.
                    ipv4 = nothing ? ipv4 : keepKnown(ipv4, four);
                    ipv6 = nothing ? ipv6 : keepKnown(ipv6, six);
                    settle(ipv4.and(ipv6), nothing || both.failed());
                }));
    }

    /** Done once the name was asked for the first time, whatever came of it. */
    Future<Void> asked() {
        return asked.future();
    }

    /** Asks no more, and tells nothing more. */
    void stop() {
        stopped = true;
        asked.tryComplete();
        ScheduledFuture<?> waiting = next;
        if (waiting != null) {
            waiting.cancel(false);
        }
    }

    private void settle(DnsAnswer answer, boolean failed) {
        if (stopped) {
            return;
        }
        failures = failed ? failures + 1 : 0;
        if (failures == 1) {
            LOG.log(Level.WARNING, () -> "event=name-not-found name=" + name.host() + " kept=" + told.size());
        }
        long waitMillis = failed
                ? Math.min(FAILURE_MILLIS_MAX, TTL_MILLIS_MIN << Math.min(failures - 1, 16))
                : Math.max(TTL_MILLIS_MIN, Math.min(TTL_MILLIS_MAX, answer.ttlSeconds() * 1_000));
        long jitterMillis = random.nextLong(waitMillis * JITTER_PERCENT_MAX / 100 + 1);
        next = loop.schedule(this::start, waitMillis + jitterMillis, TimeUnit.MILLISECONDS);
        if (!answer.instances().equals(told)) {
            told = answer.instances();
            LOG.info(() -> "event=name-changed name=" + name.host() + " instances=" + told.size());
            changed.accept(told);
        }
        asked.tryComplete();
    }

    private void onLoop(Runnable work) {
        if (loop.inEventLoop()) {
            work.run();
        } else {
            loop.execute(work);
        }
    }

    private static boolean isNothing(Future<DnsAnswer> asked) {
        return asked.failed() || asked.result().instances().isEmpty();
    }

    private static DnsAnswer keepGood(DnsAnswer known, io.vertx.core.AsyncResult<DnsAnswer> asked) {
        return asked.failed() || asked.result().instances().isEmpty() ? known : asked.result();
    }

    private static DnsAnswer keepKnown(DnsAnswer known, Future<DnsAnswer> asked) {
        return asked.failed() ? known : asked.result();
    }
}
