package io.tollgate.node.exchange;

import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.quota.FailureTable;
import io.tollgate.engine.quota.RateDecision;
import io.tollgate.engine.quota.Subject;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.token.TokenHasher;
import java.security.SecureRandom;
import org.jspecify.annotations.Nullable;

/** What an event loop uses again for every request, so that none of it is allocated per request. Event-loop confined. */
public final class LoopScratch {
    // Of the process and nowhere else: what is remembered under it is worth nothing to anybody else.
    private static final byte[] PRESENTED_SECRET = new byte[32];

    static {
        new SecureRandom().nextBytes(PRESENTED_SECRET);
    }

    private final Clock clock;
    private final RouteMatch routeMatch = new RouteMatch();
    private final RateDecision rateDecision = new RateDecision();
    private final Subject subject = new Subject();
    private final CallMeter meter;
    private final Relay relay;
    private final LoopTimer timer;
    private final Draws draws;
    private final RequestIds requestIds;
    private final FailureTable failures;
    private final TokenHasher tokenHasher = new TokenHasher();
    private final KeyHasher presentedHasher = new KeyHasher(PRESENTED_SECRET);
    private final Grants grants = new Grants();
    private boolean draining;
    private byte @Nullable [] hasherSecret;
    private @Nullable KeyHasher hasher;

    public LoopScratch(
            Clock clock, CallMeter meter, Relay relay, LoopTimer timer, RequestIds requestIds, FailureTable failures) {
        this.failures = failures;
        this.requestIds = requestIds;
        this.draws = new Draws(requestIds.seed());
        this.timer = timer;
        this.clock = clock;
        this.meter = meter;
        this.relay = relay;
    }

    public Clock clock() {
        return clock;
    }

    public RouteMatch routeMatch() {
        return routeMatch;
    }

    /** Whose requests a limit counts together, while it is asked. */
    Subject subject() {
        return subject;
    }

    public RateDecision rateDecision() {
        return rateDecision;
    }

    public CallMeter meter() {
        return meter;
    }

    public Relay relay() {
        return relay;
    }

    public LoopTimer timer() {
        return timer;
    }

    public Draws draws() {
        return draws;
    }

    public RequestIds requestIds() {
        return requestIds;
    }

    /** The bad credentials of all sources; of the whole node. */
    FailureTable failures() {
        return failures;
    }

    public TokenHasher tokenHasher() {
        return tokenHasher;
    }

    /** Digests what callers present and what is easy to guess; the same in all loops of this process. */
    public KeyHasher presentedHasher() {
        return presentedHasher;
    }

    /** What services said yes to. */
    public Grants grants() {
        return grants;
    }

    /** The node stops: connections are not kept after the answer at hand. */
    public void drain() {
        draining = true;
    }

    public boolean isDraining() {
        return draining;
    }

    /** This loop's hasher under the secret of the snapshot at hand; made anew only when the secret is another array. */
    @SuppressWarnings("ArrayEquals") // Identity is meant: each configuration keeps one array.
    public KeyHasher hasher(byte[] secret) {
        KeyHasher current = hasher;
        if (current == null || hasherSecret != secret) {
            current = new KeyHasher(secret);
            hasher = current;
            hasherSecret = secret;
        }
        return current;
    }
}
