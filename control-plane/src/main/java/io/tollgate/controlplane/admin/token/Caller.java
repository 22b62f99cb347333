package io.tollgate.controlplane.admin.token;

import io.tollgate.controlplane.catalog.audit.Actor;
import jakarta.enterprise.context.RequestScoped;
import org.jspecify.annotations.Nullable;

/** Who makes this request; known once the contract gate has let it in. One request. */
@RequestScoped
public class Caller {
    private @Nullable Actor actor;

    public void is(Actor verified) {
        actor = verified;
    }

    public Actor actor() {
        Actor known = actor;
        if (known == null) {
            throw new IllegalStateException("the request has not passed the contract gate");
        }
        return known;
    }
}
