package io.tollgate.node.filter;

import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/** One way in which a caller may prove itself. Immutable. */
public sealed interface CredentialMethod permits KeyMethod, ResolvedMethod, CertificateMethod {
    /**
     * {@link Outcome#OK} when the caller has proved itself in this way, and then the exchange knows how; a refusal when it
     * tried; null when it did not. What costs more than a look-up, a signature or a hash of a password, is not done where {@link
     * Exchange#isThrottled}: then only what is known to be good is.
     */
    @Nullable
    Outcome judge(Exchange exchange);

    /** Value of the WWW-Authenticate field that asks for this way (RFC 9110, 11.6.1). */
    String challenge();
}
