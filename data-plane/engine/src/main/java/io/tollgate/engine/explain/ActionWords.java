package io.tollgate.engine.explain;

import io.tollgate.engine.route.Route;
import io.tollgate.engine.route.RouteMatch;
import io.tollgate.engine.upstream.Target;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;

/** Says what becomes of a request that a route took. Functions without state. */
final class ActionWords {
    /** Most targets that are told one by one. */
    private static final int TARGETS_MAX = 20;

    private ActionWords() {}

    /** "service petstore, path /v2/pets/1" */
    static String action(String path, RouteMatch match) {
        Route route = match.route();
        Upstream upstream = route.upstream();
        return "service " + upstream.name() + ", path " + upstream.pathPrefix()
                + route.rewrite().rewrite(path, match);
    }

    /** "petstore: 10.0.0.1:8080 weight 100, 10.0.0.2:8080 weight 100 (ejected)" */
    static String upstream(Route route, long nowMillis) {
        Upstream upstream = route.upstream();
        StringBuilder out = new StringBuilder(upstream.name()).append(": ");
        if (!upstream.enabled()) {
            return out.append("disabled, calls get 503").toString();
        }
        int count = upstream.targets().size();
        for (int i = 0; i < Math.min(count, TARGETS_MAX); i++) {
            Target target = upstream.targets().get(i);
            TargetState state = upstream.states().get(i);
            out.append(i == 0 ? "" : ", ")
                    .append(target.host())
                    .append(':')
                    .append(target.port())
                    .append(" weight ")
                    .append(target.weight())
                    .append(health(state, nowMillis));
        }
        return count > TARGETS_MAX
                ? out.append(" and ")
                        .append(count - TARGETS_MAX)
                        .append(" more")
                        .toString()
                : out.toString();
    }

    private static String health(TargetState state, long nowMillis) {
        if (state.verdict() == TargetState.Verdict.UNHEALTHY) {
            return " (unhealthy)";
        }
        return state.isEjected(nowMillis) ? " (ejected)" : "";
    }
}
