package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.CredentialBindings;
import io.tollgate.engine.consumer.CredentialType;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.VerifiedToken;
import org.jspecify.annotations.Nullable;

/**
 * Whom a token proves, and what it is good for in that one's hands: asked of each configuration anew, and remembered as long as the answer
 * is the same. Shared; lock-free.
 */
final class TokenOwner {
    private final VerifiedToken token;
    private final String bindingKey;
    private final Scopes scopes;
    private final byte @Nullable [] issuedFor;
    // A race makes it twice, and either will do.
    private @Nullable Proven proven;

    /** @param issuedFor digest of the key that one of our own issuers issued it for; null: it does not say, or is of others */
    TokenOwner(VerifiedToken token, byte @Nullable [] issuedFor) {
        this.token = token;
        this.issuedFor = issuedFor;
        this.bindingKey = CredentialBindings.jwt(token.issuer().id(), token.subject());
        // What cannot be a scope is not asked for anywhere.
        this.scopes = Scopes.of(token.scopes().stream()
                .filter(Scopes::isToken)
                .distinct()
                .limit(Scopes.COUNT_MAX)
                .toList());
    }

    /**
     * Whom it proves. Immutable.
     *
     * @param by what of the configuration says so
     * @param scopes of the token; of one of our own those that its key has still
     */
    record Proven(Object by, Credential credential, Scopes scopes) {}

    /** What credentials of the type jwt are found by. */
    String bindingKey() {
        return bindingKey;
    }

    /**
     * Null: it proves nobody under this configuration. No allocation as long as the answer is the same.
     *
     * @param issuer of the token, as this configuration has it
     */
    @Nullable
    Proven find(CompiledConfiguration configuration, TokenIssuer issuer) {
        if (token.subject().isEmpty()) {
            return null;
        }
        return switch (token.issuer().binding().by()) {
            case NAME -> {
                Consumer consumer = configuration.bindings().consumer(token.subject());
                Proven known = known(consumer);
                yield known != null || consumer == null
                        ? known
                        : remember(consumer, Credential.unnamed(CredentialType.JWT, consumer), scopes);
            }
            case CREDENTIAL -> {
                Credential credential = configuration.bindings().find(bindingKey);
                Proven known = known(credential);
                yield known != null || credential == null ? known : remember(credential, credential, scopes);
            }
            case ISSUED -> issued(configuration, issuer);
        };
    }

    private @Nullable Proven issued(CompiledConfiguration configuration, TokenIssuer issuer) {
        Credential key = issuedFor == null ? null : configuration.credentials().find(issuedFor);
        if (key == null || !(issuer.keys() instanceof TokenIssuer.Keys.Own own)) {
            return null;
        }
        boolean live = key.terms().environment() == ApiKey.Environment.LIVE;
        if (live ? !own.issuance().live() : !own.issuance().test()) {
            return null;
        }
        Proven known = known(key);
        return known != null ? known : remember(key, key, scopes.and(key.terms().scopes()));
    }

    @SuppressWarnings("ReferenceEquality") // What did not change is the same object.
    private @Nullable Proven known(@Nullable Object by) {
        Proven known = proven;
        return known != null && known.by() == by ? known : null;
    }

    private Proven remember(Object by, Credential base, Scopes good) {
        Proven found = new Proven(by, base.until(token.expiresAtMillis()), good);
        proven = found;
        return found;
    }
}
