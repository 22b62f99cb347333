package io.tollgate.engine.explain;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.access.AccessVerdict;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.route.Route;
import org.jspecify.annotations.Nullable;

/** Says what the filters of a route would say to a caller: the word of the outcome, and why. Functions without state. */
final class AdmissionWords {
    private AdmissionWords() {}

    static String of(
            Route route,
            EffectivePolicies policies,
            ExplainQuestion question,
            @Nullable Consumer consumer,
            @Nullable Grant grant) {
        String refusal = refusal(route, policies, question.caller().consumer(), consumer, grant);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        String passes = grant == null
                ? "ok: anonymous calls pass"
                : "ok: by plan " + grant.plan().name();
        AccessRules access = policies.accessFor(consumer, grant == null ? null : grant.plan());
        return access == null ? passes : words(access, access.judge(new DescribedCaller(question, consumer)), passes);
    }

    private static String refusal(
            Route route, EffectivePolicies policies, String asked, @Nullable Consumer consumer, @Nullable Grant grant) {
        if (asked.isEmpty()) {
            if (policies.anonymousAllowed()) {
                return "";
            }
            if (policies.takesMoreThanKeys()) {
                return "credential-missing: the route wants to know who calls";
            }
            return policies.keyAuth() != null
                    ? "key-missing: the route wants an API key"
                    : "credential-missing: the route takes no API keys";
        }
        if (consumer == null) {
            return "key-unknown: " + asked + " (expected: name or id of a consumer)";
        }
        if (!consumer.enabled()) {
            return "consumer-disabled: " + consumer.name() + " may not call now";
        }
        return grant == null
                ? "not-entitled: no live subscription of " + consumer.name() + " covers route " + route.name()
                : "";
    }

    private static String words(AccessRules access, AccessVerdict verdict, String passes) {
        String by = "rule " + (verdict.rule() + 1) + " of policy " + access.name();
        return switch (verdict.effect()) {
            case ALLOWED ->
                passes + ", " + (verdict.rule() < 0 ? "policy " + access.name() + " has no rules" : by + " allows it");
            case DENIED ->
                "access-denied: "
                        + (verdict.rule() < 0 ? "no rule of policy " + access.name() + " holds" : by + " denies it");
            case SCOPE_MISSING -> "scope-missing: " + by + " would allow it with scope " + verdict.scope();
        };
    }
}
