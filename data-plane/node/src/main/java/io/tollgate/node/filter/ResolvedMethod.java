package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * By what a resolver found out before. Immutable.
 *
 * @param kind what the resolver's finding is about
 * @param challenge how this way is asked for
 */
public record ResolvedMethod(FindingKind kind, String challenge) implements CredentialMethod {
    @Override
    public @Nullable Outcome judge(Exchange exchange) {
        Finding finding = exchange.finding(kind);
        return finding == null ? null : finding.judge(exchange);
    }
}
