package io.tollgate.node.filter;

import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Outcome;
import java.util.List;

/**
 * Finds out who calls: whoever proves itself in any of the ways of the route passes. Immutable.
 *
 * <p>Bad credentials are counted by where they come from; beyond the bound they are refused as too many, also where they come beside one
 * that was once good. Whoever proves itself passes all the same, wherever it comes from.
 *
 * @param methods in the order in which they are tried
 * @param anonymousAllowed a call that presents nothing at all passes; what is presented and wrong is refused all the same
 */
public record Authenticate(List<CredentialMethod> methods, boolean anonymousAllowed) implements Filter {
    /** Copies the list. */
    public Authenticate {
        methods = List.copyOf(methods);
    }

    /** How much a refusal says: that it does not look right, that it is nobody's here, or what is wrong with it. */
    private static int weight(Outcome refusal) {
        return switch (refusal) {
            case KEY_MALFORMED, TOKEN_MALFORMED, PASSWORD_MALFORMED, SIGNATURE_MALFORMED -> 0;
            case TOKEN_UNKNOWN_ISSUER -> 1;
            default -> 2;
        };
    }

    @Override
    public Outcome admit(Exchange exchange) {
        Outcome refusal = null;
        boolean guessed = false;
        for (int i = 0; i < methods.size(); i++) {
            Outcome judged = methods.get(i).judge(exchange);
            if (judged == Outcome.OK) {
                return welcome(exchange);
            }
            guessed |= judged != null && judged.isBadCredential();
            // What is nothing, or nobody's, to one way may have been meant for another.
            if (judged != null && (refusal == null || weight(refusal) == 0 || weight(judged) > weight(refusal))) {
                refusal = judged;
            }
        }
        if (refusal != null) {
            return guessed && exchange.refusesBadCredential() ? Outcome.TOO_MANY_BAD_CREDENTIALS : refusal;
        }
        if (anonymousAllowed) {
            return Outcome.OK;
        }
        return methods.size() == 1 && methods.get(0) instanceof KeyMethod
                ? Outcome.KEY_MISSING
                : Outcome.CREDENTIAL_MISSING;
    }

    /** What was taken back in a revision that is still on its way holds already. */
    private static Outcome welcome(Exchange exchange) {
        Revoked revoked = exchange.configuration().revoked();
        Credential credential = exchange.credential();
        if (revoked.isEmpty() || credential == null) {
            return Outcome.OK;
        }
        if (revoked.holds(credential)) {
            return Outcome.KEY_REVOKED;
        }
        return revoked.holds(credential.consumer()) ? Outcome.CONSUMER_DISABLED : Outcome.OK;
    }
}
