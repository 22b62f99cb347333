package io.tollgate.node.filter;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.ShownCertificate;
import org.jspecify.annotations.Nullable;

/** By the certificate that the client showed on its connection. Immutable. */
public record CertificateMethod() implements CredentialMethod {
    @Override
    public @Nullable Outcome judge(Exchange exchange) {
        ShownCertificate shown = exchange.shownCertificate();
        if (shown == null) {
            return null;
        }
        long nowMillis = exchange.scratch().clock().epochMillis();
        if (shown.isOver(nowMillis)) {
            return Outcome.CERTIFICATE_EXPIRED;
        }
        Credential credential = shown.credential(exchange.configuration());
        if (credential == null) {
            return Outcome.CERTIFICATE_UNKNOWN;
        }
        exchange.proven(shown, shown.proof(), credential);
        if (credential.revoked() || credential.isExpired(nowMillis)) {
            return Outcome.CERTIFICATE_UNKNOWN;
        }
        return credential.consumer().enabled() ? Outcome.OK : Outcome.CONSUMER_DISABLED;
    }

    @Override
    public String challenge() {
        return "ClientCertificate realm=\"tollgate\"";
    }
}
