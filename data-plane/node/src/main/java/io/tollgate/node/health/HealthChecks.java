package io.tollgate.node.health;

import io.tollgate.engine.upstream.CheckRules;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Clock;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;

/**
 * The active health checks of a node: one for each target whose service wants it. Confined to one event loop, but for
 * {@link #adopt}.
 *
 * <p>A change of the configuration keeps the checks that are still wanted, with what they know; a check whose rules changed goes
 * on from its last verdict. At most one question per target is on its way.
 */
public final class HealthChecks {
    private final Context loop;
    private final Probe probe;
    private final Clock clock;
    private final Map<TargetState, Check> checks = new HashMap<>();

    public HealthChecks(Vertx vertx, Clock clock) {
        this.loop = vertx.getOrCreateContext();
        this.probe = new Probe(vertx);
        this.clock = clock;
    }

    /** Asks the targets of these services from here on, and no others. Any thread. */
    public void adopt(Collection<Upstream> upstreams) {
        loop.runOnContext(now -> apply(upstreams));
    }

    private void apply(Collection<Upstream> upstreams) {
        Map<TargetState, Check> wanted = new HashMap<>();
        for (Upstream upstream : upstreams) {
            CheckRules rules = upstream.rules().check();
            if (rules != null && upstream.enabled()) {
                for (TargetState target : upstream.states()) {
                    Check known = checks.get(target);
                    wanted.put(
                            target,
                            known != null && known.isUnder(rules, upstream.transport())
                                    ? known
                                    : new Check(loop.owner(), probe, clock, upstream, target, rules));
                }
            }
        }
        for (Iterator<Map.Entry<TargetState, Check>> all = checks.entrySet().iterator(); all.hasNext(); ) {
            Map.Entry<TargetState, Check> entry = all.next();
            Check next = wanted.get(entry.getKey());
            if (!entry.getValue().equals(next)) {
                entry.getValue().stop();
                if (next == null) {
                    entry.getKey().forgetCheck();
                }
                all.remove();
            }
        }
        wanted.forEach((target, check) -> {
            if (checks.putIfAbsent(target, check) == null) {
                check.start();
            }
        });
    }
}
