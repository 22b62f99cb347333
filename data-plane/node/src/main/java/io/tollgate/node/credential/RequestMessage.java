package io.tollgate.node.credential;

import io.tollgate.engine.signature.SignedMessage;
import io.tollgate.node.exchange.Exchange;
import java.util.List;
import java.util.Locale;

/** A request as its client sent it. Event-loop confined. */
record RequestMessage(Exchange exchange) implements SignedMessage {
    @Override
    public String method() {
        return exchange.request().method().name();
    }

    @Override
    public String scheme() {
        return exchange.isSecure() ? "https" : "http";
    }

    @Override
    public String authority() {
        String host = exchange.client().hostField().toLowerCase(Locale.ROOT);
        String usual = exchange.isSecure() ? ":443" : ":80";
        return host.endsWith(usual) ? host.substring(0, host.length() - usual.length()) : host;
    }

    @Override
    public String target() {
        return exchange.request().uri();
    }

    @Override
    public List<String> fields(String name) {
        return exchange.request().headers().getAll(name);
    }
}
