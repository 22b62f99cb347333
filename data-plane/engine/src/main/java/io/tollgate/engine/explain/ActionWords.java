package io.tollgate.engine.explain;

import io.tollgate.engine.action.PathRewrite;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.action.SplitChoice;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.upstream.FollowedName;
import io.tollgate.engine.upstream.TargetState;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Says what becomes of a request that a route took. Functions without state. */
final class ActionWords {
    /** Most targets that are told one by one. */
    private static final int TARGETS_MAX = 20;

    private ActionWords() {}

    /** "service petstore, path /v2/pets/1" */
    static String action(DescribedFacts facts) {
        RouteAction action = facts.match().route().action();
        if (action instanceof RouteAction.Forward forward) {
            return "service " + forward.upstream().name() + ", path "
                    + forward.upstream().pathPrefix()
                    + path(forward.rules().path(), facts);
        }
        if (action instanceof RouteAction.Split split) {
            return split.label() + chosen(split.choice(), facts) + ", path "
                    + path(split.rules().path(), facts);
        }
        if (action instanceof RouteAction.Redirect redirect) {
            Template host = redirect.host();
            return action.label() + " to scheme " + (redirect.scheme() == null ? "as it is" : redirect.scheme())
                    + ", host "
                    + (host == null ? "as it is" : host.evaluate(facts, Template.VALUE_CHARACTERS_MAX))
                    + ", path " + path(redirect.path(), facts);
        }
        return action.label();
    }

    private static String chosen(SplitChoice choice, DescribedFacts facts) {
        return choice.isSticky() && facts.consumer() != null
                ? " (this consumer: "
                        + choice.shares()
                                .get(choice.bySubject(facts.consumer().id()))
                                .upstream()
                                .name() + ")"
                : "";
    }

    private static String path(PathRewrite rewrite, DescribedFacts facts) {
        String path = rewrite.rewrite(facts.request().path(), facts.match().matchedPrefixLength(), facts);
        return path == null ? "none: 400, the path could be read in two ways" : path;
    }

    /** "petstore: 10.0.0.1:8080 weight 100, 10.0.0.2:8080 weight 100 (ejected)"; empty when no service answers. */
    static String upstream(Route route, long nowMillis) {
        StringBuilder out = new StringBuilder();
        for (Upstream upstream : route.action().services()) {
            out.append(out.length() == 0 ? "" : "; ");
            append(upstream, nowMillis, out);
        }
        return out.toString();
    }

    private static void append(Upstream upstream, long nowMillis, StringBuilder out) {
        out.append(upstream.name()).append(": ");
        if (!upstream.enabled()) {
            out.append("disabled, calls get 503");
            return;
        }
        List<String> words = new ArrayList<>();
        upstream.forEach((target, state) -> words.add(
                target.host() + ":" + target.port() + " weight " + target.weight() + health(state, nowMillis)));
        for (FollowedName name : upstream.names()) {
            words.add(name.discovery().name().toLowerCase(Locale.ROOT) + " records of " + name.host());
        }
        out.append(String.join(", ", words.subList(0, Math.min(words.size(), TARGETS_MAX))));
        if (words.size() > TARGETS_MAX) {
            out.append(" and ").append(words.size() - TARGETS_MAX).append(" more");
        }
    }

    private static String health(TargetState state, long nowMillis) {
        if (state.verdict() == TargetState.Verdict.UNHEALTHY) {
            return " (unhealthy)";
        }
        return state.isEjected(nowMillis) ? " (ejected)" : "";
    }
}
