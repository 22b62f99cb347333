package io.tollgate.controlplane.admin.token;

import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.Origin;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes this request: a stranger at first, and somebody once the contract gate has verified the token. One request. */
@RequestScoped
public class Caller {
    private @Nullable Actor actor;

    /** Somebody calls from there. */
    public void comes(Origin origin) {
        actor = Actor.STRANGER.from(origin);
    }

    /** It is {@code verified} who calls. */
    public void is(Actor verified) {
        Actor stranger = actor;
        if (stranger == null) {
            throw new IllegalStateException("somebody who came from nowhere");
        }
        actor = verified.from(stranger.origin());
    }

    /** Whoever is known by now; absent before the contract gate. */
    public @Nullable Actor soFar() {
        return actor;
    }

    public Actor actor() {
        Actor known = actor;
        if (known == null || !known.isKnown()) {
            throw new IllegalStateException("the request has not passed the contract gate");
        }
        return known;
    }
}
