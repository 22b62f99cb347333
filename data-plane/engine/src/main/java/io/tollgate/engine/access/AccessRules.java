package io.tollgate.engine.access;

import io.tollgate.engine.expression.Expression;
import io.tollgate.engine.expression.ExpressionFacts;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rules on who may call, asked in their order: the first that holds decides, and where none does the call is refused. Without any
 * rule every call passes. Immutable; lock-free.
 *
 * <p>An allowing rule that only lacks scopes does not decide, yet it is remembered: when the call is refused after all, by a later
 * rule or by none, the caller is told which scopes would have helped.
 *
 * <p>An expression of which it cannot be said whether it holds refuses the call, also where its rule denies: neither that rule nor any
 * after it can be trusted to decide what the operator meant.
 */
public final class AccessRules {
    private final String name;
    private final List<AccessRule> rules;
    private final AccessVerdict[] decided;
    private final AccessVerdict[] wanting;
    private final AccessVerdict[] failed;
    private final boolean dependOnTime;

    /** @param name of the policy, for people */
    public AccessRules(String name, List<AccessRule> rules) {
        this.name = name;
        this.rules = List.copyOf(rules);
        this.decided = new AccessVerdict[rules.size()];
        this.wanting = new AccessVerdict[rules.size()];
        this.failed = new AccessVerdict[rules.size()];
        this.dependOnTime = this.rules.stream().anyMatch(AccessRule::dependsOnTime);
        for (int i = 0; i < decided.length; i++) {
            AccessRule rule = rules.get(i);
            decided[i] = new AccessVerdict(
                    rule.allows() ? AccessVerdict.Effect.ALLOWED : AccessVerdict.Effect.DENIED, i, "");
            wanting[i] = new AccessVerdict(AccessVerdict.Effect.SCOPE_MISSING, i, rule.scopeWanted());
            failed[i] = new AccessVerdict(AccessVerdict.Effect.FAILED, i, "");
        }
    }

    /** Name of the policy. */
    public String name() {
        return name;
    }

    /** Whether the same call may be judged otherwise at another time. */
    public boolean dependOnTime() {
        return dependOnTime;
    }

    /** What becomes of a call. No allocation, but at the boundary of a time window and for expressions. */
    public AccessVerdict judge(AccessFacts facts) {
        if (decided.length == 0) {
            return AccessVerdict.UNRULED;
        }
        AccessVerdict missed = null;
        ExpressionFacts described = null;
        for (int i = 0; i < decided.length; i++) {
            AccessRule rule = rules.get(i);
            if (!rule.holdsByNames(facts)) {
                continue;
            }
            boolean scoped = rule.holdsByScopes(facts);
            if (!scoped && (missed != null || !rule.allows())) {
                // Whatever its expression says, nothing follows from it.
                continue;
            }
            Expression expression = rule.expression();
            if (expression != null) {
                described = described == null ? facts.expressionFacts() : described;
                Expression.Answer said = expression.test(described);
                if (said == Expression.Answer.FAILED) {
                    return failed[i];
                }
                if (said == Expression.Answer.HOLDS_NOT) {
                    continue;
                }
            }
            if (scoped) {
                return missed == null || rule.allows() ? decided[i] : missed;
            }
            missed = wanting[i];
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
