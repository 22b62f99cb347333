package io.tollgate.engine.action;

import io.tollgate.engine.template.Template;
import io.tollgate.engine.upstream.Upstream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What becomes of a request that a route took. Immutable. */
public sealed interface RouteAction {
    /** The services that may answer: whoever calls must be entitled to the route, or to all of these. */
    List<Upstream> services();

    /** What changes of a forwarded call; {@link ForwardRules#NONE} where none is. */
    default ForwardRules rules() {
        return ForwardRules.NONE;
    }

    /** The one service whose policies apply; null where there is none, or several. */
    default @Nullable Upstream policyService() {
        return services().size() == 1 ? services().get(0) : null;
    }

    /** Whether something asks for a parameter of the path, which then must be kept. */
    boolean usesParameters();

    /** This action with its services as they are now; the same instance when none of them changed. */
    RouteAction withUpstreams(Function<String, Upstream> byId);

    /** In a word or two, for people: "petstore". */
    String label();

    /**
     * One service answers.
     *
     * @param upstream the service
     * @param rules what changes on the way
     */
    record Forward(Upstream upstream, ForwardRules rules) implements RouteAction {
        @Override
        public List<Upstream> services() {
            return List.of(upstream);
        }

        @Override
        public boolean usesParameters() {
            return rules.usesParameters();
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // What did not change is the same instance.
        public RouteAction withUpstreams(Function<String, Upstream> byId) {
            Upstream now = byId.apply(upstream.id());
            ForwardRules after = mirroredNow(rules, byId);
            return now == upstream && after == rules ? this : new Forward(now, after);
        }

        @Override
        public String label() {
            return upstream.name();
        }
    }

    /**
     * One of several services answers. The policies of none of them apply, since which one it is is decided after all
     * filters: a call cannot be held to the limits of one service and answered by another.
     *
     * @param choice which one
     * @param rules what changes on the way, whichever it is
     */
    record Split(SplitChoice choice, ForwardRules rules) implements RouteAction {
        @Override
        public List<Upstream> services() {
            List<Upstream> services = new ArrayList<>(choice.shares().size());
            for (Share share : choice.shares()) {
                services.add(share.upstream());
            }
            return services;
        }

        @Override
        public @Nullable Upstream policyService() {
            return null;
        }

        @Override
        public boolean usesParameters() {
            return rules.usesParameters();
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // What did not change is the same instance.
        public RouteAction withUpstreams(Function<String, Upstream> byId) {
            SplitChoice now = choice.withUpstreams(byId);
            ForwardRules after = mirroredNow(rules, byId);
            return now == choice && after == rules ? this : new Split(now, after);
        }

        @Override
        public String label() {
            return "split " + choice;
        }
    }

    /**
     * The client is sent to another place. Parts that are not given stay as the client has them; the query always does, but
     * for what may be a key.
     *
     * @param scheme "http" or "https"; null: as it is
     * @param host without port; null: as it is
     * @param port 0: the default of a given scheme, else as it is
     * @param path what becomes of it
     * @param status 301, 302, 303, 307 or 308
     */
    record Redirect(@Nullable String scheme, @Nullable Template host, int port, PathRewrite path, int status)
            implements RouteAction {
        @Override
        public List<Upstream> services() {
            return List.of();
        }

        @Override
        public boolean usesParameters() {
            return path.usesParameters() || (host != null && host.usesParameters());
        }

        @Override
        public RouteAction withUpstreams(Function<String, Upstream> byId) {
            return this;
        }

        @Override
        public String label() {
            return "redirect " + status;
        }
    }

    /**
     * The gateway answers.
     *
     * @param status 200 to 599
     * @param headers in order
     * @param body null: none
     */
    record FixedAnswer(
            int status, List<HeaderField> headers, @Nullable Template body) implements RouteAction {
        /** Copies the list. */
        public FixedAnswer {
            headers = List.copyOf(headers);
        }

        @Override
        public List<Upstream> services() {
            return List.of();
        }

        @Override
        public boolean usesParameters() {
            boolean uses = body != null && body.usesParameters();
            for (HeaderField header : headers) {
                uses |= header.value().usesParameters();
            }
            return uses;
        }

        @Override
        public RouteAction withUpstreams(Function<String, Upstream> byId) {
            return this;
        }

        @Override
        public String label() {
            return "fixed answer " + status;
        }
    }

    /** A header field of a fixed answer. Immutable. */
    record HeaderField(String name, Template value) {}

    @SuppressWarnings("ReferenceEquality") // What did not change is the same instance.
    private static ForwardRules mirroredNow(ForwardRules rules, Function<String, Upstream> byId) {
        Mirror mirror = rules.mirror();
        if (mirror == null) {
            return rules;
        }
        Upstream now = byId.apply(mirror.upstream().id());
        return now == mirror.upstream()
                ? rules
                : rules.withMirror(new Mirror(now, mirror.percent(), mirror.bodyBytesMax()));
    }
}
