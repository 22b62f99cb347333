package io.tollgate.engine.compile;

import io.tollgate.engine.action.ForwardRules;
import io.tollgate.engine.action.Mirror;
import io.tollgate.engine.action.PathRewrite;
import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.action.Share;
import io.tollgate.engine.action.SplitChoice;
import io.tollgate.engine.action.StreamRule;
import io.tollgate.engine.action.StreamRule.OnChange;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.WholeRegex;
import io.tollgate.engine.template.TemplateEscape;
import io.tollgate.engine.template.TemplateScope;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;
import io.tollgate.proto.config.v1.PathMatch;
import io.tollgate.proto.config.v1.PathMatchKind;
import io.tollgate.proto.config.v1.Redirect;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.Split;
import io.tollgate.proto.config.v1.StreamChange;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What becomes of a route's requests: checks it and makes {@link RouteAction}s. Compile thread only. */
final class ActionCompiler {
    private static final int WEIGHT_MAX = 1000;
    private static final int MIRROR_BODY_BYTES_MAX = 1_048_576;
    private static final Set<Integer> REDIRECT_STATUSES = Set.of(301, 302, 303, 307, 308);

    private final EditCompiler edits = new EditCompiler();
    private final FixedAnswerCompiler fixedAnswers = new FixedAnswerCompiler();

    void check(Route route, ObjectProblems problems) {
        int actions = (route.getServiceId().isEmpty() ? 0 : 1)
                + (route.hasSplit() ? 1 : 0)
                + (route.hasRedirect() ? 1 : 0)
                + (route.hasFixedAnswer() ? 1 : 0);
        if (actions != 1) {
            problems.add(
                    "/service",
                    actions == 0 ? "nothing" : actions + " of them",
                    "exactly one of service, split, redirect and fixed_answer");
        }
        boolean forwards = !route.getServiceId().isEmpty() || route.hasSplit();
        TemplateScope scope = new TemplateScope(parameters(route), forwards);
        if (route.hasSplit()) {
            checkSplit(route.getSplit(), problems);
        }
        if (route.hasRedirect()) {
            checkRedirect(route.getRedirect(), scope, problems);
        }
        if (route.hasFixedAnswer()) {
            fixedAnswers.check(route.getFixedAnswer(), scope, problems);
        }
        if (actions == 1 && !forwards) {
            checkNothingForwarded(route, problems);
        } else {
            checkForward(route, scope, problems);
        }
    }

    private void checkForward(Route route, TemplateScope scope, ObjectProblems problems) {
        CallRulesCompiler.check(route, problems);
        if (route.hasRewrite()) {
            checkRewrite(route.getRewrite(), "/rewrite", scope, problems);
        }
        if (!route.getHostRewrite().isEmpty()) {
            TemplateText.checkHost(route.getHostRewrite(), "/host_rewrite", true, scope, problems);
        }
        edits.check(route.getRequestHeaderEditsList(), "/request_header_edits", scope, problems);
        edits.check(route.getResponseHeaderEditsList(), "/response_header_edits", scope, problems);
        edits.check(route.getQueryEditsList(), "/query_edits", scope, problems);
        if (route.hasStreams()) {
            if (route.getStreams().getOnChange() == StreamChange.UNRECOGNIZED) {
                problems.add("/streams/on_change", route.getStreams().getOnChangeValue(), "keep, drain or close");
            }
            problems.range(
                    "/streams/drain_seconds",
                    Integer.toUnsignedLong(route.getStreams().getDrainSeconds()),
                    1,
                    StreamRule.DRAIN_SECONDS_MAX);
        }
        if (route.hasMirror()) {
            problems.range(
                    "/mirror/percent", Integer.toUnsignedLong(route.getMirror().getPercent()), 1, 100);
            problems.range(
                    "/mirror/body_bytes_max",
                    Integer.toUnsignedLong(route.getMirror().getBodyBytesMax()),
                    0,
                    MIRROR_BODY_BYTES_MAX);
        }
    }

    private static void checkNothingForwarded(Route route, ObjectProblems problems) {
        String expected = "nothing where no service answers";
        if (route.hasRewrite()) {
            problems.add("/rewrite", "a rewrite", expected);
        }
        if (!route.getHostRewrite().isEmpty()) {
            problems.add("/host_rewrite", route.getHostRewrite(), expected);
        }
        if (route.hasMirror()) {
            problems.add("/mirror", "a mirror", expected);
        }
        if (route.getRequestHeaderEditsCount() > 0) {
            problems.add("/request_header_edits", route.getRequestHeaderEditsCount() + " edits", expected);
        }
        if (route.getResponseHeaderEditsCount() > 0) {
            problems.add("/response_header_edits", route.getResponseHeaderEditsCount() + " edits", expected);
        }
        if (route.hasTimeouts()) {
            problems.add("/timeouts", "time-outs", expected);
        }
        if (route.hasRetry()) {
            problems.add("/retry", "retries", expected);
        }
        if (route.hasHedge()) {
            problems.add("/hedge", "hedges", expected);
        }
        if (route.hasStreams()) {
            problems.add("/streams", "a rule for streams", expected);
        }
        if (CallRulesCompiler.priority(route) != CallRules.PRIORITY_DEFAULT) {
            problems.add("/priority", route.getPriority(), expected);
        }
        if (route.getQueryEditsCount() > 0) {
            problems.add("/query_edits", route.getQueryEditsCount() + " edits", expected);
        }
    }

    private static void checkSplit(Split split, ObjectProblems problems) {
        int count = split.getServicesCount();
        if (count == 0 || count > SplitChoice.SERVICES_MAX) {
            problems.add("/split/services", count + " services", "1 to " + SplitChoice.SERVICES_MAX);
            return;
        }
        long sum = 0;
        Set<String> ids = new HashSet<>();
        for (int i = 0; i < count; i++) {
            long weight = Integer.toUnsignedLong(split.getServices(i).getWeight());
            problems.range("/split/services/" + i + "/weight", weight, 0, WEIGHT_MAX);
            sum += weight;
            if (!ids.add(split.getServices(i).getServiceId())) {
                problems.add(
                        "/split/services/" + i + "/service",
                        split.getServices(i).getServiceId(),
                        "each service once");
            }
        }
        if (sum == 0) {
            problems.add("/split/services", "only weights of 0", "at least one service with a weight above 0");
        }
    }

    private static void checkRedirect(Redirect redirect, TemplateScope scope, ObjectProblems problems) {
        if (!redirect.getScheme().isEmpty()
                && !redirect.getScheme().equals("http")
                && !redirect.getScheme().equals("https")) {
            problems.add("/redirect/scheme", redirect.getScheme(), "http or https");
        }
        if (!redirect.getHost().isEmpty()) {
            TemplateText.checkHost(redirect.getHost(), "/redirect/host", false, scope, problems);
        }
        problems.range("/redirect/port", Integer.toUnsignedLong(redirect.getPort()), 0, 65_535);
        if (redirect.hasPath()) {
            checkRewrite(redirect.getPath(), "/redirect/path", scope, problems);
        }
        if (!REDIRECT_STATUSES.contains(redirect.getStatus())) {
            problems.add("/redirect/status", redirect.getStatus(), "301, 302, 303, 307 or 308");
        }
        if (redirect.getScheme().isEmpty()
                && redirect.getHost().isEmpty()
                && redirect.getPort() == 0
                && !redirect.hasPath()) {
            problems.add("/redirect", "nothing", "another scheme, host, port or path than the client has");
        }
    }

    private static void checkRewrite(
            io.tollgate.proto.config.v1.PathRewrite rewrite, String at, TemplateScope scope, ObjectProblems problems) {
        switch (rewrite.getRewriteCase()) {
            case REPLACE_PREFIX -> {
                String wrong = PathText.wrongPrefix(rewrite.getReplacePrefix());
                if (wrong != null) {
                    problems.add(at + "/replace_prefix", rewrite.getReplacePrefix(), wrong);
                }
            }
            case REPLACE_FULL ->
                TemplateText.checkPath(rewrite.getReplaceFull(), at + "/replace_full", scope, problems);
            case REWRITE_NOT_SET -> problems.add(at, "nothing", "replace_prefix or replace_full");
        }
    }

    /** The parameters that every path of the route has, whichever of them matches. */
    private static Set<String> parameters(Route route) {
        Set<String> common = null;
        for (PathMatch path : route.getPathsList()) {
            Set<String> own = parameters(path);
            if (own == null) {
                continue;
            }
            if (common == null) {
                common = new HashSet<>(own);
            } else {
                common.retainAll(own);
            }
        }
        return common == null ? Set.of() : common;
    }

    /** Null when the path is wrong, which is a problem of its own. */
    private static @Nullable Set<String> parameters(PathMatch path) {
        String value = path.getValue();
        if (path.getKind() == PathMatchKind.PATH_MATCH_KIND_TEMPLATE) {
            return PathText.wrongTemplate(value, PathPattern.PARAMETERS_MAX) != null
                    ? null
                    : Set.copyOf(PathPattern.Template.of(value).parameterNames());
        }
        if (path.getKind() == PathMatchKind.PATH_MATCH_KIND_REGEX) {
            return RegexText.wrongPath(value) != null
                    ? null
                    : Set.copyOf(WholeRegex.of(value).groupNames());
        }
        return Set.of();
    }

    RouteAction compile(Route route, Function<String, Upstream> services) {
        if (route.hasRedirect()) {
            return redirect(route.getRedirect());
        }
        if (route.hasFixedAnswer()) {
            return fixedAnswers.compile(route.getFixedAnswer());
        }
        ForwardRules rules = rules(route, services);
        if (!route.hasSplit()) {
            return new RouteAction.Forward(services.apply(route.getServiceId()), rules);
        }
        List<Share> shares = new ArrayList<>();
        for (io.tollgate.proto.config.v1.WeightedService service :
                route.getSplit().getServicesList()) {
            shares.add(new Share(services.apply(service.getServiceId()), service.getWeight()));
        }
        return new RouteAction.Split(new SplitChoice(shares, route.getSplit().getSticky()), rules);
    }

    private ForwardRules rules(Route route, Function<String, Upstream> services) {
        Mirror mirror = route.hasMirror()
                ? new Mirror(
                        services.apply(route.getMirror().getServiceId()),
                        route.getMirror().getPercent(),
                        route.getMirror().getBodyBytesMax())
                : null;
        ForwardRules rules = new ForwardRules(
                rewrite(route.getRewrite()),
                route.getHostRewrite().isEmpty()
                        ? null
                        : TemplateText.compile(route.getHostRewrite(), TemplateEscape.NONE),
                edits.headers(route.getRequestHeaderEditsList()),
                edits.headers(route.getResponseHeaderEditsList()),
                edits.parameters(route.getQueryEditsList()),
                mirror,
                CallRulesCompiler.overrides(route),
                streams(route));
        return rules.equals(ForwardRules.NONE) ? ForwardRules.NONE : rules;
    }

    private static StreamRule streams(Route route) {
        if (!route.hasStreams()) {
            return StreamRule.KEEP;
        }
        return switch (route.getStreams().getOnChange()) {
            case STREAM_CHANGE_DRAIN ->
                new StreamRule(OnChange.DRAIN, route.getStreams().getDrainSeconds());
            case STREAM_CHANGE_CLOSE -> new StreamRule(OnChange.CLOSE, 0);
            default -> StreamRule.KEEP;
        };
    }

    private static RouteAction redirect(Redirect redirect) {
        return new RouteAction.Redirect(
                redirect.getScheme().isEmpty() ? null : redirect.getScheme(),
                redirect.getHost().isEmpty() ? null : TemplateText.compile(redirect.getHost(), TemplateEscape.NONE),
                redirect.getPort(),
                rewrite(redirect.getPath()),
                redirect.getStatus());
    }

    private static PathRewrite rewrite(io.tollgate.proto.config.v1.PathRewrite rewrite) {
        return switch (rewrite.getRewriteCase()) {
            case REPLACE_PREFIX -> new PathRewrite.ReplacePrefix(rewrite.getReplacePrefix());
            case REPLACE_FULL ->
                new PathRewrite.ReplaceFull(TemplateText.compile(rewrite.getReplaceFull(), TemplateEscape.PATH));
            case REWRITE_NOT_SET -> PathRewrite.NONE;
        };
    }
}
