package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.password.PasswordHash;
import io.tollgate.node.exchange.CredentialFinder;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.Finding;
import io.tollgate.node.exchange.LoopScratch;
import io.tollgate.node.exchange.Outcome;
import org.jspecify.annotations.Nullable;

/**
 * That somebody knew the password of a digest; not the password. Immutable.
 *
 * @param key of the user name, see {@link io.tollgate.engine.consumer.CredentialBindings#basic}
 */
record KnownPassword(String key, PasswordHash hash) implements Finding, CredentialFinder {
    /** Whether it is the password still. */
    boolean isCurrent(CompiledConfiguration configuration) {
        return hash.equals(configuration.bindings().verifier(key));
    }

    @Override
    public Outcome judge(Exchange exchange) {
        Credential credential = find(key, exchange.configuration(), exchange.scratch());
        if (credential == null) {
            return Outcome.PASSWORD_WRONG;
        }
        exchange.proven(this, key, credential);
        if (credential.revoked()
                || credential.isExpired(exchange.scratch().clock().epochMillis())) {
            return Outcome.PASSWORD_WRONG;
        }
        return credential.consumer().enabled() ? Outcome.OK : Outcome.CONSUMER_DISABLED;
    }

    @Override
    public @Nullable Credential find(String presented, CompiledConfiguration configuration, LoopScratch scratch) {
        return isCurrent(configuration) ? configuration.bindings().find(key) : null;
    }
}
