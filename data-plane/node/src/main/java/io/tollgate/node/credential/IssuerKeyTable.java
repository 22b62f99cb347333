package io.tollgate.node.credential;

import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.engine.token.TokenIssuers;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The keys of all issuers: those of the configuration, and those that are fetched, which are adopted from one configuration to the next as
 * long as they come from the same place. Shared; lock-free, but for {@link #follow}, which one thread at a time may call.
 */
final class IssuerKeyTable {
    private final Function<TokenIssuer, FetchedKeys> make;
    private volatile Map<String, FetchedKeys> fetched = Map.of();

    /** @param make begins to fetch the keys of an issuer */
    IssuerKeyTable(Function<TokenIssuer, FetchedKeys> make) {
        this.make = make;
    }

    /** Knows the keys of these issuers from now on, and fetches no others. */
    void follow(TokenIssuers issuers) {
        Map<String, FetchedKeys> before = fetched;
        Map<String, FetchedKeys> now = new HashMap<>();
        for (TokenIssuer issuer : issuers.byId().values()) {
            if (issuer.keys() instanceof TokenIssuer.Keys.Fetched from) {
                FetchedKeys known = before.get(issuer.id());
                now.put(issuer.id(), known != null && known.from().equals(from) ? known : make.apply(issuer));
            }
        }
        fetched = Map.copyOf(now);
        before.forEach((id, keys) -> {
            FetchedKeys next = now.get(id);
            if (next == null) {
                keys.forget();
            } else if (!next.equals(keys)) {
                keys.stop();
            }
        });
    }

    /** Fetches nothing any more; what is kept stays. */
    void stop() {
        fetched.values().forEach(FetchedKeys::stop);
    }

    /** The keys of an issuer; null while none were fetched. No allocation. */
    @Nullable
    KeySet current(TokenIssuer issuer) {
        KeySet held = issuer.heldKeys();
        if (held != null) {
            return held;
        }
        FetchedKeys keys = fetched.get(issuer.id());
        return keys == null ? null : keys.current();
    }

    /** Asks for newer keys; false when that is no use now, and then {@code then} does not run. */
    boolean refresh(TokenIssuer issuer, Runnable then) {
        FetchedKeys keys = fetched.get(issuer.id());
        return keys != null && keys.refresh(then);
    }

    /** Those that are fetched. */
    Iterable<FetchedKeys> fetched() {
        return fetched.values();
    }
}
