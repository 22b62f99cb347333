package io.tollgate.controlplane.catalog.team;

import jakarta.enterprise.context.RequestScoped;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** To which teams the caller of this request is limited; settled before anything is looked for. One request. */
@RequestScoped
public class TeamLimit {
    private @Nullable Set<UUID> teams;

    /** Limits what follows to what these teams have; without them nothing is limited. */
    public void is(@Nullable Set<UUID> callersTeams) {
        teams = callersTeams == null ? null : Set.copyOf(callersTeams);
    }

    @Nullable
    Set<UUID> teams() {
        return teams;
    }
}
