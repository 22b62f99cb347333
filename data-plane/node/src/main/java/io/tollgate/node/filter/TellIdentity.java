package io.tollgate.node.filter;

import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.IdentityHeaders;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;
import java.util.List;

/**
 * Tells the upstream who calls, and removes what the client claims to be. Immutable.
 *
 * @param policies what applies on the route
 * @param names the names of the route's own identity headers
 */
public record TellIdentity(EffectivePolicies policies, NameSet names) implements Edit {
    /** The edit that goes with the policies of a route. */
    public static TellIdentity of(EffectivePolicies policies) {
        return new TellIdentity(policies, NameSet.of(namesOf(policies.identityHeaders())));
    }

    @Override
    @SuppressWarnings("ReferenceEquality") // Only tells whether the caller has its own; equal names would do no harm.
    public boolean drops(CharSequence name, Exchange exchange) {
        if (names.contains(name)) {
            return true;
        }
        IdentityHeaders winning = winning(exchange);
        return winning != policies.identityHeaders() && isOneOf(winning, name);
    }

    @Override
    public boolean reserves(CharSequence name, Exchange exchange) {
        return drops(name, exchange);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        Credential credential = exchange.credential();
        if (credential == null) {
            return;
        }
        IdentityHeaders headers = winning(exchange);
        Consumer consumer = credential.consumer();
        add(sink, headers.consumerId(), consumer.id());
        add(sink, headers.consumerName(), consumer.name());
        add(sink, headers.consumerGroups(), consumer.groupsHeader());
        add(sink, headers.credentialId(), credential.id());
        add(sink, headers.scopes(), exchange.scopes().toString());
        Plan plan = exchange.plan();
        if (plan != null) {
            add(sink, headers.planName(), plan.name());
        }
    }

    private IdentityHeaders winning(Exchange exchange) {
        return policies.identityHeadersFor(exchange.consumer(), exchange.plan());
    }

    private static void add(HeadSink sink, String name, String value) {
        if (!name.isEmpty() && !value.isEmpty()) {
            sink.add(name, value);
        }
    }

    private static boolean isOneOf(IdentityHeaders headers, CharSequence name) {
        return NameSet.equalsFolded(headers.consumerId(), name)
                || NameSet.equalsFolded(headers.consumerName(), name)
                || NameSet.equalsFolded(headers.consumerGroups(), name)
                || NameSet.equalsFolded(headers.credentialId(), name)
                || NameSet.equalsFolded(headers.planName(), name)
                || NameSet.equalsFolded(headers.scopes(), name);
    }

    private static List<String> namesOf(IdentityHeaders headers) {
        return List.of(
                headers.consumerId(),
                headers.consumerName(),
                headers.consumerGroups(),
                headers.credentialId(),
                headers.planName(),
                headers.scopes());
    }
}
