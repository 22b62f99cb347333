package io.tollgate.node.filter;

import io.tollgate.engine.policy.CredentialPolicy;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;
import java.util.List;

/**
 * Keeps what proves the caller from the upstream, wherever it may have been put, and from templates even where the upstream gets it.
 * Immutable.
 *
 * @param headers names of the headers that may hold it
 * @param dropped those of them that the upstream does not get
 */
public record HideSecrets(NameSet headers, NameSet dropped) implements Edit {
    /** The edit that goes with these policies; what one of them keeps back stays behind. */
    public static HideSecrets of(List<CredentialPolicy> policies) {
        return new HideSecrets(
                NameSet.of(policies.stream()
                        .flatMap(policy -> policy.secretHeaders().stream())
                        .toList()),
                NameSet.of(policies.stream()
                        .filter(policy -> !policy.keepsSecrets())
                        .flatMap(policy -> policy.secretHeaders().stream())
                        .toList()));
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return dropped.contains(name);
    }

    @Override
    public boolean hides(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        // It only takes away.
    }
}
