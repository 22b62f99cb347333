package io.tollgate.engine.action;

import io.tollgate.engine.template.Template;
import io.tollgate.engine.upstream.CallOverride;
import io.tollgate.engine.upstream.CallRules;
import io.tollgate.engine.upstream.Upstream;
import org.jspecify.annotations.Nullable;

/**
 * What changes of a call that is forwarded, whichever service it goes to. Immutable.
 *
 * @param path what becomes of the path
 * @param host the Host that the upstream gets; null: as the service says
 * @param requestHeaders changes of what the upstream gets
 * @param responseHeaders changes of what the client gets from the upstream; the gateway's own answers stay as they are
 * @param query changes of the query that the upstream gets
 * @param mirror where a copy goes; null: nowhere
 * @param calls what the route says of time-outs and retries in place of the service; null: nothing
 * @param streams what becomes of streams under way when something of this changes
 */
public record ForwardRules(
        PathRewrite path,
        @Nullable Template host,
        FieldEdits requestHeaders,
        FieldEdits responseHeaders,
        FieldEdits query,
        @Nullable Mirror mirror,
        @Nullable CallOverride calls,
        StreamRule streams) {
    /** Nothing changes. */
    public static final ForwardRules NONE = new ForwardRules(
            PathRewrite.NONE,
            null,
            FieldEdits.ofHeaders(java.util.List.of()),
            FieldEdits.ofHeaders(java.util.List.of()),
            FieldEdits.ofParameters(java.util.List.of()),
            null,
            null,
            StreamRule.KEEP);

    /** These rules with another path. */
    public ForwardRules withPath(PathRewrite changed) {
        return new ForwardRules(changed, host, requestHeaders, responseHeaders, query, mirror, calls, streams);
    }

    ForwardRules withMirror(Mirror changed) {
        return new ForwardRules(path, host, requestHeaders, responseHeaders, query, changed, calls, streams);
    }

    /** How the calls to this service go. Allocates them when the route has its own word. */
    public CallRules calls(Upstream upstream) {
        return upstream.rules().calls().with(calls);
    }

    boolean usesParameters() {
        return path.usesParameters()
                || (host != null && host.usesParameters())
                || requestHeaders.usesParameters()
                || responseHeaders.usesParameters()
                || query.usesParameters();
    }
}
