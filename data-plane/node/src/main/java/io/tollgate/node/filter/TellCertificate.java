package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.HeadSink;
import io.tollgate.node.exchange.NameSet;
import io.tollgate.node.exchange.ShownCertificate;
import java.util.List;

/**
 * Tells the upstream the certificate of the client's connection (RFC 9440), and removes what the client itself says under that name.
 * Immutable.
 *
 * @param told false: it is only removed
 */
public record TellCertificate(boolean told) implements Edit {
    private static final String FIELD = "Client-Cert";
    private static final NameSet NAMES = NameSet.of(List.of(FIELD, "Client-Cert-Chain"));

    @Override
    public boolean drops(CharSequence name, Exchange exchange) {
        return NAMES.contains(name);
    }

    @Override
    public boolean reserves(CharSequence name, Exchange exchange) {
        return NAMES.contains(name);
    }

    @Override
    public void append(HeadSink sink, Exchange exchange) {
        ShownCertificate shown = told ? exchange.shownCertificate() : null;
        if (shown != null) {
            sink.add(FIELD, shown.field());
        }
    }
}
