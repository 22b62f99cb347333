package io.tollgate.engine.explain;

import io.tollgate.engine.access.AccessRules;
import io.tollgate.engine.access.AccessVerdict;
import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.Consumer;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.Grant;
import io.tollgate.engine.policy.ClientFilterPolicy;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.ForwardAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.route.Route;
import io.tollgate.engine.upstream.Upstream;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Says what the filters of a route would say to a caller: the word of the outcome, and why. Functions without state. */
final class AdmissionWords {
    private static final String OK = "ok: ";
    private static final int USER_AGENT_TOLD_MAX = 200;

    private AdmissionWords() {}

    static String of(
            CompiledConfiguration configuration,
            Route route,
            EffectivePolicies policies,
            DescribedCaller caller,
            @Nullable Grant grant) {
        String unwelcome = unwelcome(policies, caller.request());
        if (!unwelcome.isEmpty()) {
            return unwelcome;
        }
        if (!caller.shown().refusal().isEmpty()) {
            return caller.shown().refusal();
        }
        Credential shown = caller.shown().credential();
        String asked = shown == null
                ? caller.request().question().caller().consumer()
                : shown.consumer().name();
        String refusal = refusal(route, policies, asked, caller.consumer(), grant);
        if (!refusal.isEmpty()) {
            return refusal;
        }
        String passes = grant == null
                ? OK + "anonymous calls pass"
                : OK + who(shown) + "by plan " + grant.plan().name();
        AccessRules access = policies.accessFor(caller.consumer(), caller.plan());
        String judged = access == null ? passes : words(access, access.judge(caller), passes);
        return (judged.startsWith(OK) ? judged + asked(configuration, policies) : judged) + doubt(caller);
    }

    /** What a described call does not have, where an expression has asked for it: a real call may be judged otherwise. */
    private static String doubt(DescribedCaller caller) {
        return caller.unknown().isEmpty()
                ? ""
                : " (uncertain: expressions ask for " + String.join(", ", caller.unknown())
                        + ", which a described call does not have)";
    }

    private static String who(@Nullable Credential shown) {
        if (shown == null) {
            return "";
        }
        String which = shown.id().isEmpty() ? shown.type().word() : shown.type().word() + " " + shown.id();
        return shown.consumer().name() + " by " + which + ", ";
    }

    /** What is said before anything is known of the caller; empty: nothing. */
    private static String unwelcome(EffectivePolicies policies, DescribedRequest request) {
        ClientFilterPolicy clients = policies.find(PolicyType.CLIENT_FILTER);
        if (clients == null) {
            return "";
        }
        if (!clients.takesMethod(request.method())) {
            return "method-not-allowed: policy " + clients.name() + " does not let " + request.method() + " through";
        }
        String userAgent = Objects.requireNonNullElse(request.header("user-agent"), "");
        return clients.asksUserAgent() && !clients.takesUserAgent(userAgent)
                ? "client-refused: policy " + clients.name() + " does not take "
                        + (userAgent.isEmpty() ? "clients without User-Agent" : "User-Agent " + shortened(userAgent))
                : "";
    }

    private static String shortened(String text) {
        return text.length() <= USER_AGENT_TOLD_MAX ? text : text.substring(0, USER_AGENT_TOLD_MAX) + "...";
    }

    private static String asked(CompiledConfiguration configuration, EffectivePolicies policies) {
        ForwardAuthPolicy asking = policies.find(PolicyType.FORWARD_AUTH);
        if (asking == null) {
            return "";
        }
        Upstream service = configuration.upstreams().get(asking.serviceId());
        return ", if service " + (service == null ? asking.serviceId() : service.name()) + " says so (policy "
                + asking.name() + ")";
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
            case FAILED -> "expression-failed: the expression of " + by + " cannot be evaluated for this call";
            case SCOPE_MISSING -> "scope-missing: " + by + " would allow it with scope " + verdict.scope();
        };
    }
}
