package io.tollgate.engine.consumer;

import io.tollgate.engine.address.Network;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * On what terms a credential holds. Most credentials share one. Immutable.
 *
 * @param scopes what its calls may do
 * @param environment what it is for
 * @param networks from where it may be used; none: from anywhere
 * @param deprecation what those who still use it are told; null: it has no successor
 */
public record Terms(
        Scopes scopes,
        ApiKey.Environment environment,
        List<Network> networks,
        @Nullable Deprecation deprecation) {
    /** A live credential that nothing more is said of. */
    public static final Terms LIVE = new Terms(Scopes.NONE, ApiKey.Environment.LIVE, List.of(), null);
    /** A credential for trying things out that nothing more is said of. */
    public static final Terms TEST = new Terms(Scopes.NONE, ApiKey.Environment.TEST, List.of(), null);

    /** Copies the list. */
    public Terms {
        networks = List.copyOf(networks);
    }

    /**
     * Whether a call may come from there. No allocation; costs a look at each network.
     *
     * @param address 4 or 16 bytes; empty when it is not known, which is in no network
     */
    public boolean takesFrom(byte[] address) {
        for (int i = 0; i < networks.size(); i++) {
            if (networks.get(i).contains(address)) {
                return true;
            }
        }
        return networks.isEmpty();
    }
}
