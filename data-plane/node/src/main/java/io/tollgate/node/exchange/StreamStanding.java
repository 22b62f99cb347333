package io.tollgate.node.exchange;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import org.jspecify.annotations.Nullable;

/** How one stream stood when it was last looked at: made for calls that go on for long only. Event-loop confined. */
public final class StreamStanding {
    private final Exchange exchange;
    private @Nullable CompiledConfiguration judgedBy;
    private @Nullable Credential credential;
    private @Nullable RouteAction action;
    private int routeOrdinal = -1;
    private @Nullable AccessRules askedRules;
    private @Nullable Credential askedCredential;
    private @Nullable Plan askedPlan;
    private boolean allowed;
    private boolean ends;
    private long endNanos;

    public StreamStanding(Exchange exchange) {
        this.exchange = exchange;
        this.credential = exchange.credential();
        this.action = exchange.route() == null ? null : exchange.route().action();
    }

    public Exchange exchange() {
        return exchange;
    }

    /** Whether it was judged by this configuration. */
    @SuppressWarnings("ReferenceEquality") // A number may come again after a backup was restored.
    public boolean isJudgedBy(CompiledConfiguration configuration) {
        return judgedBy == configuration;
    }

    public void judgedBy(CompiledConfiguration configuration) {
        judgedBy = configuration;
    }

    /** The caller's credential as it is now; null when there was none, or is none any more. */
    public @Nullable Credential credential() {
        return credential;
    }

    public void credential(@Nullable Credential now) {
        credential = now;
    }

    /** What the route did when it was last looked at. */
    public @Nullable RouteAction action() {
        return action;
    }

    /** What its route does now, and where it stands. */
    public void route(RouteAction now, int ordinal) {
        action = now;
        routeOrdinal = ordinal;
    }

    /** The route is gone. */
    public void routeGone() {
        routeOrdinal = -1;
    }

    /** Where its route stands now; negative: it is gone. */
    public int routeOrdinal() {
        return routeOrdinal;
    }

    /** Whether these rules let this caller in when they were last asked; null: they were not, or the time of day may have changed that. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    public @Nullable Boolean allowedBy(AccessRules rules, @Nullable Plan plan) {
        boolean same = rules == askedRules && credential == askedCredential && plan == askedPlan;
        return (same && !rules.dependOnTime()) ? allowed : null;
    }

    /** What these rules said of the caller of now. */
    public void allowedBy(AccessRules rules, @Nullable Plan plan, boolean said) {
        askedRules = rules;
        askedCredential = credential;
        askedPlan = plan;
        allowed = said;
    }

    /** The stream ends then, if not before. */
    public void endBy(long nanos) {
        if (!ends || nanos - endNanos < 0) {
            endNanos = nanos;
        }
        ends = true;
    }

    public boolean isTimeOver(long nowNanos) {
        return ends && nowNanos - endNanos >= 0;
    }
}
