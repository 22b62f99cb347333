package io.tollgate.node.pipeline;

import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.policy.BasicAuthPolicy;
import io.tollgate.engine.policy.CallerIdentityPolicy;
import io.tollgate.engine.policy.ClientCertificatePolicy;
import io.tollgate.engine.policy.ClientFilterPolicy;
import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.CorsPolicy;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.FaultInjectionPolicy;
import io.tollgate.engine.policy.ForwardAuthPolicy;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.HttpsRedirectPolicy;
import io.tollgate.engine.policy.IntrospectionPolicy;
import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.policy.ProtectedResourcePolicy;
import io.tollgate.engine.policy.SecurityHeadersPolicy;
import io.tollgate.engine.route.Route;
import io.tollgate.node.answer.Answerer;
import io.tollgate.node.answer.AskFirst;
import io.tollgate.node.answer.Faulty;
import io.tollgate.node.answer.FixedAnswer;
import io.tollgate.node.answer.Forward;
import io.tollgate.node.answer.Introduced;
import io.tollgate.node.answer.Redirect;
import io.tollgate.node.answer.Split;
import io.tollgate.node.coding.AvailableCodings;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.FindingKind;
import io.tollgate.node.exchange.HeadRewrite;
import io.tollgate.node.exchange.Introducer;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Resolvers;
import io.tollgate.node.filter.Authenticate;
import io.tollgate.node.filter.CertificateMethod;
import io.tollgate.node.filter.CredentialMethod;
import io.tollgate.node.filter.Edit;
import io.tollgate.node.filter.Filter;
import io.tollgate.node.filter.HideCookies;
import io.tollgate.node.filter.HideSecrets;
import io.tollgate.node.filter.KeyMethod;
import io.tollgate.node.filter.LimitByPlan;
import io.tollgate.node.filter.LimitByPolicy;
import io.tollgate.node.filter.RequireAccess;
import io.tollgate.node.filter.RequireClient;
import io.tollgate.node.filter.RequireEntitlement;
import io.tollgate.node.filter.RequireHttps;
import io.tollgate.node.filter.ResolvedMethod;
import io.tollgate.node.filter.TellCaller;
import io.tollgate.node.filter.TellCertificate;
import io.tollgate.node.filter.TellClaims;
import io.tollgate.node.filter.TellGranted;
import io.tollgate.node.filter.TellIdentity;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What happens to the calls of one route: decisions, edits, answer. Immutable. */
public final class Pipeline {
    private static final String BEARER = "Bearer realm=\"tollgate\"";

    private final Route route;
    private final EffectivePolicies policies;
    private final Filter[] gates;
    private final List<Resolver> resolvers;
    private final Filter[] filters;
    private final HeadRewrite rewrite;
    private final Answerer answerer;
    private final List<String> challenges;
    private final boolean keepsParameters;
    private final @Nullable CompressionPolicy compression;
    private final @Nullable HstsPolicy hsts;
    private final @Nullable CorsPolicy cors;
    private final @Nullable SecurityHeadersPolicy securityHeaders;

    private Pipeline(Route route, EffectivePolicies policies, Resolvers resolvers) {
        this.route = route;
        this.policies = policies;
        List<CredentialMethod> methods = methods(policies);
        this.challenges =
                methods.stream().map(CredentialMethod::challenge).distinct().toList();
        this.gates = gates(route, policies);
        this.resolvers = List.copyOf(resolvers.of(policies));
        // Who, may it, how fast: what is refused early costs least, and only a known caller has a plan.
        List<Filter> decisions = new ArrayList<>();
        decisions.add(new Authenticate(methods, policies.anonymousAllowed()));
        decisions.add(new RequireEntitlement(route.ordinal()));
        decisions.add(new RequireAccess(policies, takesBearer(methods, policies.keyAuth())));
        decisions.add(new LimitByPlan());
        decisions.add(new LimitByPolicy(policies));
        this.filters = decisions.toArray(new Filter[0]);
        this.rewrite = new EditSequence(
                edits(policies), policies.credentialPolicies(), route.action().rules());
        FaultInjectionPolicy faults = policies.find(PolicyType.FAULT_INJECTION);
        Answerer answers = faults == null ? answerer(route.action()) : new Faulty(faults, answerer(route.action()));
        // Signed for nobody who may not call.
        Introducer introducer = resolvers.introducer(policies);
        Answerer answering = introducer == null ? answers : new Introduced(introducer, answers);
        ForwardAuthPolicy asking = policies.find(PolicyType.FORWARD_AUTH);
        this.answerer = asking == null ? answering : AskFirst.of(asking, answering);
        this.keepsParameters = route.action().usesParameters();
        this.hsts = policies.find(PolicyType.HSTS);
        this.cors = policies.find(PolicyType.CORS);
        this.securityHeaders = policies.find(PolicyType.SECURITY_HEADERS);
        this.compression = AvailableCodings.of(policies.find(PolicyType.COMPRESSION));
    }

    private static Filter[] gates(Route route, EffectivePolicies policies) {
        List<Filter> gates = new ArrayList<>();
        ClientFilterPolicy clients = policies.find(PolicyType.CLIENT_FILTER);
        if (clients != null) {
            gates.add(new RequireClient(clients, clients.allowedOf(route.methods())));
        }
        HttpsRedirectPolicy redirect = policies.find(PolicyType.HTTPS_REDIRECT);
        if (redirect != null) {
            gates.add(new RequireHttps(redirect));
        }
        return gates.toArray(new Filter[0]);
    }

    private static boolean takesBearer(List<CredentialMethod> methods, @Nullable KeyAuthPolicy keys) {
        return (keys != null && keys.headerNames().contains("authorization"))
                || methods.stream().anyMatch(method -> method.challenge().startsWith("Bearer"));
    }

    private static List<CredentialMethod> methods(EffectivePolicies policies) {
        List<CredentialMethod> methods = new ArrayList<>();
        KeyAuthPolicy keys = policies.keyAuth();
        if (keys != null) {
            methods.add(new KeyMethod(keys));
        }
        if (policies.find(PolicyType.JWT) != null) {
            methods.add(new ResolvedMethod(FindingKind.JWT, bearer(policies)));
        }
        if (policies.find(PolicyType.INTROSPECTION) != null) {
            methods.add(new ResolvedMethod(FindingKind.INTROSPECTION, bearer(policies)));
        }
        BasicAuthPolicy basic = policies.find(PolicyType.BASIC_AUTH);
        if (basic != null) {
            methods.add(
                    new ResolvedMethod(FindingKind.BASIC, "Basic realm=\"" + basic.realm() + "\", charset=\"UTF-8\""));
        }
        if (policies.find(PolicyType.HTTP_SIGNATURE) != null) {
            methods.add(new ResolvedMethod(FindingKind.HTTP_SIGNATURE, "Signature realm=\"tollgate\""));
        }
        // Last: a certificate may be there for the connection only, and something else for the call.
        if (policies.find(PolicyType.CLIENT_CERTIFICATE) != null) {
            methods.add(new CertificateMethod());
        }
        return methods;
    }

    /** Where a client that has no token yet finds out more (RFC 9728, 5.1). */
    private static String bearer(EffectivePolicies policies) {
        ProtectedResourcePolicy resource = policies.find(PolicyType.PROTECTED_RESOURCE);
        return resource == null ? BEARER : BEARER + ", resource_metadata=\"" + resource.metadataUrl() + '"';
    }

    private static List<Edit> edits(EffectivePolicies policies) {
        List<Edit> edits = new ArrayList<>();
        edits.add(HideSecrets.of(policies.credentialPolicies()));
        edits.add(TellIdentity.of(policies));
        ForwardAuthPolicy asking = policies.find(PolicyType.FORWARD_AUTH);
        if (asking != null && !asking.upstreamHeaders().isEmpty()) {
            edits.add(TellGranted.of(asking));
        }
        CallerIdentityPolicy identity = policies.find(PolicyType.CALLER_IDENTITY);
        if (identity != null) {
            edits.add(new TellCaller(identity.header()));
        }
        List<String> droppedCookies = new ArrayList<>();
        List<String> keptCookies = new ArrayList<>();
        JwtPolicy jwt = policies.find(PolicyType.JWT);
        if (jwt != null) {
            (jwt.keepToken() ? keptCookies : droppedCookies).addAll(jwt.places().cookieNames());
            if (!jwt.forwardedClaims().isEmpty()) {
                edits.add(TellClaims.of(jwt.issuerIds(), jwt.forwardedClaims()));
            }
        }
        ClientCertificatePolicy certificates = policies.find(PolicyType.CLIENT_CERTIFICATE);
        if (certificates != null) {
            edits.add(new TellCertificate(certificates.forwardCertificate()));
        }
        IntrospectionPolicy asked = policies.find(PolicyType.INTROSPECTION);
        if (asked != null) {
            (asked.keepToken() ? keptCookies : droppedCookies)
                    .addAll(asked.places().cookieNames());
            if (!asked.forwardedClaims().isEmpty()) {
                edits.add(TellClaims.of(List.of(asked.issuerId()), asked.forwardedClaims()));
            }
        }
        if (!droppedCookies.isEmpty() || !keptCookies.isEmpty()) {
            // One for all: each hands on what it leaves of the field.
            boolean kept = droppedCookies.isEmpty();
            edits.add(new HideCookies(kept ? keptCookies : droppedCookies, kept));
        }
        return edits;
    }

    private static Answerer answerer(RouteAction action) {
        if (action instanceof RouteAction.Forward forward) {
            return Forward.to(forward.upstream(), forward.rules());
        }
        if (action instanceof RouteAction.Split split) {
            return new Split(
                    split.choice(),
                    split.services().stream()
                            .map(service -> Forward.to(service, split.rules()))
                            .toList());
        }
        if (action instanceof RouteAction.Redirect redirect) {
            return new Redirect(redirect);
        }
        return new FixedAnswer((RouteAction.FixedAnswer) action);
    }

    /** The pipeline of a route under the policies that win there. */
    public static Pipeline of(Route route, EffectivePolicies policies, Resolvers resolvers) {
        return new Pipeline(route, policies, resolvers);
    }

    /** Whether this was built of the very same parts. */
    @SuppressWarnings("ReferenceEquality") // What did not change is the same instance across revisions.
    boolean isOf(Route otherRoute, EffectivePolicies otherPolicies) {
        return route == otherRoute && policies == otherPolicies;
    }

    /** The decisions for which it does not matter who calls: made before anybody is asked. */
    public Outcome admitUnknown(Exchange exchange) {
        return admit(gates, exchange);
    }

    /** Who is asked before the other decisions are made, in this order. */
    public List<Resolver> resolvers() {
        return resolvers;
    }

    /** The other decisions. */
    public Outcome admit(Exchange exchange) {
        return admit(filters, exchange);
    }

    /** Asks each filter in turn; the first that is not OK decides. */
    private static Outcome admit(Filter[] filters, Exchange exchange) {
        for (Filter filter : filters) {
            Outcome outcome = filter.admit(exchange);
            if (outcome != Outcome.OK) {
                return outcome;
            }
        }
        return Outcome.OK;
    }

    public HeadRewrite rewrite() {
        return rewrite;
    }

    /** How callers may prove themselves, as values of the WWW-Authenticate field. */
    public List<String> challenges() {
        return challenges;
    }

    /** Whether something will ask for the parameters of the path. */
    public boolean keepsParameters() {
        return keepsParameters;
    }

    /** What answers say about https; null: nothing. */
    public @Nullable HstsPolicy hsts() {
        return hsts;
    }

    /** What browsers are told about pages of other origins; null: what the service says. */
    public @Nullable CorsPolicy cors() {
        return cors;
    }

    /** Fields that answers have; null: none. */
    public @Nullable SecurityHeadersPolicy securityHeaders() {
        return securityHeaders;
    }

    /** Which answers are compressed, by what this platform has; null: none. */
    public @Nullable CompressionPolicy compression() {
        return compression;
    }

    public Answerer answerer() {
        return answerer;
    }
}
