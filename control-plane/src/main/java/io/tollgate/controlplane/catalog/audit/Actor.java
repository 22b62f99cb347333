package io.tollgate.controlplane.catalog.audit;

import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who acts. Immutable.
 *
 * @param subject of the token
 * @param teams   ids of the teams to whose objects the actor is limited; absent when there is no such limit
 * @param proof   how we know
 * @param origin  where the request came from
 */
public record Actor(
        String subject, Set<String> roles, @Nullable Set<UUID> teams, Proof proof, Origin origin) {
    /** The control plane itself. */
    public static final Actor TOLLGATE = new Actor("tollgate", Set.of());

    /** The control plane as a client of ACME servers. */
    public static final Actor ACME = new Actor("acme", Set.of());

    /** Somebody without a valid token. */
    public static final Actor STRANGER = new Actor("anonymous", Set.of());

    /**
     * The token that proves an actor. Immutable.
     *
     * @param issuer  who has signed it; absent where there is none
     * @param tokenId its {@code jti}, if it has one
     */
    public record Proof(@Nullable String issuer, @Nullable String tokenId) {
        public static final Proof NONE = new Proof(null, null);
    }

    public Actor {
        roles = Set.copyOf(roles);
        teams = teams == null ? null : Set.copyOf(teams);
    }

    /** Somebody who has proved nothing yet. */
    public Actor(String subject, Set<String> roles) {
        this(subject, roles, null, Proof.NONE, Origin.INSIDE);
    }

    public Actor provedBy(Proof shown) {
        return new Actor(subject, roles, teams, shown, origin);
    }

    public Actor from(Origin where) {
        return new Actor(subject, roles, teams, proof, where);
    }

    /** The same one, who gets no further than these teams; absent: as far as its roles go. */
    public Actor limitedTo(@Nullable Set<UUID> some) {
        return new Actor(subject, roles, some, proof, origin);
    }

    /** Tells the actor from all others, those of the same name that another issuer vouches for, or that reach less far. */
    public String identity() {
        String limit = teams == null ? "" : " " + teams.stream().sorted().toList();
        boolean own = proof.issuer() == null || proof.issuer().equals(TOLLGATE.subject());
        return (own ? "" : proof.issuer() + " ") + subject + limit;
    }

    /** Whether a token has proved who it is. */
    public boolean isKnown() {
        return proof.issuer() != null;
    }

    /** The roles in a stable order, for people. */
    public String rolesText() {
        return String.join(",", roles.stream().sorted().toList());
    }
}
