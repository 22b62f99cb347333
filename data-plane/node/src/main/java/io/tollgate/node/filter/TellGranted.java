package io.tollgate.node.filter;

import io.tollgate.engine.policy.ForwardAuthPolicy;
import io.tollgate.engine.route.OctetText;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;
import java.util.List;

/**
 * Tells the upstream what the service said that let the call through, and removes what the client says under these names. Immutable.
 *
 * @param headers the names
 */
public record TellGranted(NameSet headers) implements Edit {
    /** The edit that goes with this policy. */
    public static TellGranted of(ForwardAuthPolicy policy) {
        return new TellGranted(NameSet.of(policy.upstreamHeaders()));
    }

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public boolean hides(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public boolean reserves(CharSequence name, Exchange exchange) {
        return headers.contains(name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        List<GatewayAnswer.Field> granted = exchange.granted();
        for (int i = 0; i < granted.size(); i++) {
            sink.add(granted.get(i).name(), OctetText.toText(granted.get(i).value()));
        }
    }
}
