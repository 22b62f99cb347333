package io.tollgate.node.pipeline;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.route.Route;
import io.tollgate.node.exchange.OwnEndpoints;
import io.tollgate.node.exchange.Resolvers;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A compiled configuration with the pipelines of its routes: all that a request reads. Immutable. */
public final class CompiledSnapshot {
    private final CompiledConfiguration configuration;
    private final Pipeline[] pipelines;
    private final OwnEndpoints endpoints;
    private final long publishedAtMillis;

    private CompiledSnapshot(
            CompiledConfiguration configuration, Pipeline[] pipelines, OwnEndpoints endpoints, long publishedAtMillis) {
        this.endpoints = endpoints;
        this.configuration = configuration;
        this.pipelines = pipelines;
        this.publishedAtMillis = publishedAtMillis;
    }

    /**
     * Builds the pipelines of a configuration; those whose route and policies did not change are taken over.
     *
     * @param resolvers makes who is asked before the decisions of a route; the same for all snapshots of a node
     * @param previous the snapshot before it; null when there is none
     * @param nowMillis milliseconds since the Unix epoch
     */
    public static CompiledSnapshot of(
            CompiledConfiguration configuration,
            Resolvers resolvers,
            @Nullable CompiledSnapshot previous,
            long nowMillis) {
        List<Route> routes = configuration.routesByOrdinal();
        List<EffectivePolicies> policies = configuration.policiesByOrdinal();
        Pipeline[] pipelines = new Pipeline[routes.size()];
        for (int i = 0; i < pipelines.length; i++) {
            Pipeline before = previous != null && i < previous.pipelines.length ? previous.pipelines[i] : null;
            pipelines[i] = before != null && before.isOf(routes.get(i), policies.get(i))
                    ? before
                    : Pipeline.of(routes.get(i), policies.get(i), resolvers);
        }
        return new CompiledSnapshot(configuration, pipelines, resolvers.endpoints(configuration), nowMillis);
    }

    /** The same, but for those who must not get through any more. */
    CompiledSnapshot without(Revoked revoked) {
        return new CompiledSnapshot(configuration.without(revoked), pipelines, endpoints, publishedAtMillis);
    }

    public CompiledConfiguration configuration() {
        return configuration;
    }

    public long revision() {
        return configuration.revision();
    }

    /** Where the gateway answers by itself, before any route. */
    public OwnEndpoints endpoints() {
        return endpoints;
    }

    /** When it was built, milliseconds since the Unix epoch. */
    public long publishedAtMillis() {
        return publishedAtMillis;
    }

    public Pipeline pipeline(Route route) {
        return pipelines[route.ordinal()];
    }
}
