package io.tollgate.node.health;

import io.tollgate.engine.upstream.CheckRules;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Transport;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.node.exchange.Clock;
import io.vertx.core.Vertx;
import java.util.concurrent.ThreadLocalRandom;
import java.util.logging.Level;
import java.util.logging.Logger;

/** Asks one target again and again. Event-loop confined. */
final class Check {
    private static final Logger LOG = Logger.getLogger(Check.class.getName());
    /** Spreads the first questions after a start, so that they do not all come at once. */
    private static final long FIRST_MILLIS_MAX = 100;

    private final Vertx vertx;
    private final Probe probe;
    private final Clock clock;
    private final String service;
    private final TargetState target;
    private final CheckRules rules;
    private final Transport transport;
    private boolean stopped;

    Check(Vertx vertx, Probe probe, Clock clock, Upstream upstream, TargetState target, CheckRules rules) {
        this.vertx = vertx;
        this.probe = probe;
        this.clock = clock;
        this.service = upstream.name();
        this.transport = upstream.transport();
        this.target = target;
        this.rules = rules;
    }

    boolean isUnder(CheckRules otherRules, Transport otherTransport) {
        return rules.equals(otherRules) && transport.equals(otherTransport);
    }

    void start() {
        later(1 + ThreadLocalRandom.current().nextLong(Math.min(FIRST_MILLIS_MAX, rules.intervalMillis())));
    }

    void stop() {
        stopped = true;
    }

    private void later(long millis) {
        vertx.setTimer(millis, time -> {
            if (!stopped) {
                probe.ask(target, rules, transport).onSuccess(this::answered);
            }
        });
    }

    /** @param wrong empty when the target is well */
    private void answered(String wrong) {
        if (stopped) {
            return;
        }
        boolean turned = target.onCheck(
                wrong.isEmpty(), rules.healthyThreshold(), rules.unhealthyThreshold(), clock.epochMillis());
        if (turned) {
            LOG.log(
                    wrong.isEmpty() ? Level.INFO : Level.WARNING,
                    "event=target-{0} service={1} target={2}{3}",
                    new Object[] {
                        target.verdict() == TargetState.Verdict.HEALTHY ? "healthy" : "unhealthy",
                        service,
                        target,
                        wrong.isEmpty() ? "" : " detail=\"" + wrong + "\""
                    });
        }
        // A tenth earlier or later each time, so that the nodes' questions do not fall into step.
        long tenth = Math.max(1, rules.intervalMillis() / 10);
        later(Math.max(
                1, rules.intervalMillis() - tenth + ThreadLocalRandom.current().nextLong(2 * tenth)));
    }
}
