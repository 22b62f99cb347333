package io.tollgate.node.listener;

import io.tollgate.engine.access.AccessFacts;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Plan;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.expression.ExpressionFacts;
import io.tollgate.node.exchange.CallFacts;
import io.tollgate.node.exchange.Exchange;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What rules may ask of a stream: as it began, but for its caller, who is as the configuration of now has it. Event-loop confined.
 *
 * @param credential of now; null for an anonymous caller
 * @param plan under which it would be let in now; null for an anonymous caller
 */
record StreamCaller(
        Exchange exchange,
        @Nullable Credential credential,
        @Nullable Plan plan) implements AccessFacts {
    @Override
    public String method() {
        return exchange.method();
    }

    @Override
    public String consumerId() {
        return credential == null ? "" : credential.consumer().id();
    }

    @Override
    public List<String> groups() {
        return credential == null ? List.of() : credential.consumer().groups();
    }

    @Override
    public boolean hasScope(String scope) {
        return scopes().contains(scope);
    }

    private Scopes scopes() {
        // What the call itself was given beside its credential stays.
        Credential began = exchange.credential();
        boolean own = began != null && !exchange.scopes().equals(began.terms().scopes());
        return (own || credential == null)
                ? exchange.scopes()
                : credential.terms().scopes();
    }

    @Override
    public ExpressionFacts expressionFacts() {
        return new CallFacts(exchange, credential, plan, scopes());
    }

    @Override
    public byte[] clientAddressBytes() {
        return exchange.clientAddressBytes();
    }

    @Override
    public long epochMillis() {
        return exchange.epochMillis();
    }
}
