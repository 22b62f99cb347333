package io.tollgate.node.sync;

import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.proto.config.v1.NodeHeartbeat;
import io.tollgate.proto.config.v1.TargetCondition;
import io.tollgate.proto.config.v1.TargetHealth;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Supplier;

/**
 * What a node tells of its targets with a heartbeat: everything when something changed, else nothing. Heartbeat thread only.
 *
 * <p>Calls in flight change all the time and are told along, but are no reason to tell.
 */
final class TargetReport {
    /** Targets that are told: what people look at, not a store. */
    private static final int TARGETS_MAX = 10_000;

    private final Supplier<Collection<Upstream>> upstreams;
    private final InstantSource clock;
    private List<TargetHealth> told = List.of();

    TargetReport(Supplier<Collection<Upstream>> upstreams, InstantSource clock) {
        this.upstreams = upstreams;
        this.clock = clock;
    }

    /** The peer is another one, or a new one, and knows nothing. */
    void forget() {
        told = List.of();
    }

    void addTo(NodeHeartbeat.Builder heartbeat) {
        List<TargetHealth> now = new ArrayList<>();
        List<TargetHealth> essence = new ArrayList<>();
        long nowMillis = clock.millis();
        for (Upstream upstream : upstreams.get()) {
            for (TargetState state : upstream.states()) {
                if (now.size() < TARGETS_MAX) {
                    TargetHealth.Builder health = health(upstream, state, nowMillis);
                    essence.add(health.build());
                    now.add(health.setInFlight(state.inFlight()).build());
                }
            }
        }
        if (!essence.equals(told)) {
            told = essence;
            heartbeat.addAllTargetHealth(now).setTargetHealthGiven(true);
        }
    }

    private static TargetHealth.Builder health(Upstream upstream, TargetState state, long nowMillis) {
        return TargetHealth.newBuilder()
                .setServiceId(upstream.id())
                .setHost(state.host())
                .setPort(state.port())
                .setChecked(
                        switch (state.verdict()) {
                            case UNKNOWN -> TargetCondition.TARGET_CONDITION_UNKNOWN;
                            case HEALTHY -> TargetCondition.TARGET_CONDITION_HEALTHY;
                            case UNHEALTHY -> TargetCondition.TARGET_CONDITION_UNHEALTHY;
                        })
                .setEjectedUntilMillis(state.ejectedUntilMillis(nowMillis))
                .setDetail(state.consecutiveFailures() == 0 ? "" : state.consecutiveFailures() + " failures in a row");
    }
}
