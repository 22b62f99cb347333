package io.tollgate.engine.access;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules on who may call, asked in their order: the first that holds decides, and where none does the call is refused. Without any
 * rule every call passes. Immutable; lock-free.
 *
 * <p>An allowing rule that only lacks scopes does not decide, yet it is remembered: when the call is refused after all, by a later
 * rule or by none, the caller is told which scopes would have helped.
 */
public final class AccessRules {
    private final String name;
    private final List<AccessRule> rules;
    private final AccessVerdict[] decided;
    private final AccessVerdict[] wanting;

    /** @param name of the policy, for people */
    public AccessRules(String name, List<AccessRule> rules) {
        this.name = name;
        this.rules = List.copyOf(rules);
        this.decided = new AccessVerdict[rules.size()];
        this.wanting = new AccessVerdict[rules.size()];
        for (int i = 0; i < decided.length; i++) {
            AccessRule rule = rules.get(i);
            decided[i] = new AccessVerdict(
                    rule.allows() ? AccessVerdict.Effect.ALLOWED : AccessVerdict.Effect.DENIED, i, "");
            wanting[i] = new AccessVerdict(AccessVerdict.Effect.SCOPE_MISSING, i, rule.scopeWanted());
        }
    }

    /** Name of the policy. */
    public String name() {
        return name;
    }

    /** What becomes of a call. No allocation, but at the boundary of a time window. */
    public AccessVerdict judge(AccessFacts facts) {
        if (decided.length == 0) {
            return AccessVerdict.UNRULED;
        }
        AccessVerdict missed = null;
        for (int i = 0; i < decided.length; i++) {
            AccessRule rule = rules.get(i);
            if (!rule.holdsButForScopes(facts)) {
                continue;
            }
            if (rule.holdsByScopes(facts)) {
                return missed == null || rule.allows() ? decided[i] : missed;
            }
            if (missed == null && rule.allows()) {
                missed = wanting[i];
            }
        }
        return missed == null ? AccessVerdict.BY_DEFAULT : missed;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof AccessRules that && name.equals(that.name) && rules.equals(that.rules);
    }

    @Override
    public int hashCode() {
        return name.hashCode() * 31 + rules.hashCode();
    }
}
