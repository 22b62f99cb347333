package io.tollgate.engine.compile;

import io.tollgate.engine.policy.CompressionPolicy;
import io.tollgate.engine.policy.FaultInjectionPolicy;
import io.tollgate.engine.policy.HstsPolicy;
import io.tollgate.engine.policy.HttpsRedirectPolicy;
import io.tollgate.engine.policy.KeyAuthPolicy;
import io.tollgate.engine.quota.RateLimiter;
import io.tollgate.engine.route.DuplicateSlashes;
import io.tollgate.proto.config.v1.Attachment;
import io.tollgate.proto.config.v1.FaultInjection;
import io.tollgate.proto.config.v1.IdentityHeaders;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.ObjectKind;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.RequestTargetRules;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Policies: checks them and gathers those of one place into a {@link PolicySet}. Compile thread only. */
final class PolicyCompiler {
    private static final int NAMES_MAX = 8;
    /** A drill that holds calls for longer would fill the node with them. */
    private static final int DELAY_MILLIS_MAX = 60_000;

    private static final Pattern QUERY_PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");

    private final LimitCompiler limits;

    PolicyCompiler(LimitCompiler limits) {
        this.limits = limits;
    }

    void check(Policy policy, ObjectProblems problems) {
        NameText.check(policy.getName(), problems);
        checkAttachment(policy, problems);
        switch (policy.getConfigCase()) {
            case KEY_AUTH -> checkKeyAuth(policy.getKeyAuth(), problems);
            case RATE_LIMIT -> {
                if (policy.getRateLimit().getWindowsCount() == 0) {
                    problems.add("/rate_limit/windows", "0 windows", "at least 1");
                }
                limits.check(policy.getRateLimit().getWindowsList(), "/rate_limit/windows", problems);
            }
            case IDENTITY_HEADERS -> checkIdentityHeaders(policy.getIdentityHeaders(), problems);
            case REQUEST_TARGET -> checkRequestTarget(policy.getRequestTarget(), problems);
            case FAULT_INJECTION -> checkFaultInjection(policy.getFaultInjection(), problems);
            case HTTPS_REDIRECT -> HttpsCompiler.check(policy.getHttpsRedirect(), problems);
            case HSTS -> HttpsCompiler.check(policy.getHsts(), problems);
            case COMPRESSION -> CompressionCompiler.check(policy.getCompression(), problems);
            case CONFIG_NOT_SET ->
                problems.add(
                        "/type",
                        "nothing",
                        "key-auth, rate-limit, identity-headers, request-target, fault-injection, compression, https-redirect or hsts");
        }
    }

    private static void checkAttachment(Policy policy, ObjectProblems problems) {
        Attachment attachment = policy.getAttachment();
        switch (attachment.getKind()) {
            case ATTACHMENT_KIND_GLOBAL -> {
                if (!attachment.getObjectId().isEmpty()) {
                    problems.add("/attachment", attachment.getObjectId(), "no object for a global policy");
                }
            }
            case ATTACHMENT_KIND_SERVICE, ATTACHMENT_KIND_ROUTE -> {
                if (policy.hasRequestTarget()) {
                    // Which route is meant is only known once the path has been read.
                    problems.add("/attachment", "request-target", "global");
                }
            }
            case ATTACHMENT_KIND_PLAN, ATTACHMENT_KIND_CONSUMER -> {
                if (policy.hasKeyAuth()) {
                    // Who calls is only known once the key has been read.
                    problems.add("/attachment", "key-auth", "global, a service or a route");
                }
                if (policy.hasRequestTarget()) {
                    problems.add("/attachment", "request-target", "global");
                }
                if (policy.hasFaultInjection()
                        || policy.hasCompression()
                        || policy.hasHttpsRedirect()
                        || policy.hasHsts()) {
                    problems.add("/attachment", PolicyWords.type(policy), "global, a service or a route");
                }
            }
            default ->
                problems.add("/attachment", attachment.getKindValue(), "global, service, route, plan or consumer");
        }
    }

    private static void checkRequestTarget(RequestTargetRules policy, ObjectProblems problems) {
        switch (policy.getDuplicateSlashes()) {
            case DUPLICATE_SLASHES_MERGE, DUPLICATE_SLASHES_KEEP, DUPLICATE_SLASHES_REFUSE -> {}
            default ->
                problems.add(
                        "/request_target/duplicate_slashes",
                        policy.getDuplicateSlashesValue(),
                        "merge, keep or refuse");
        }
    }

    private static void checkFaultInjection(FaultInjection policy, ObjectProblems problems) {
        String at = "/fault_injection";
        problems.range(
                at + "/delay_basis_points", unsigned(policy.getDelayBasisPoints()), 0, FaultInjectionPolicy.WHOLE);
        problems.range(
                at + "/abort_basis_points", unsigned(policy.getAbortBasisPoints()), 0, FaultInjectionPolicy.WHOLE);
        // What is never done needs no value.
        if (policy.getDelayBasisPoints() != 0 || policy.getDelayMillis() != 0) {
            problems.range(at + "/delay_millis", unsigned(policy.getDelayMillis()), 1, DELAY_MILLIS_MAX);
        }
        if (policy.getAbortBasisPoints() != 0 || policy.getAbortStatus() != 0) {
            problems.range(at + "/abort_status", unsigned(policy.getAbortStatus()), 400, 599);
        }
    }

    private static long unsigned(int wire) {
        return Integer.toUnsignedLong(wire);
    }

    private static void checkKeyAuth(KeyAuth policy, ObjectProblems problems) {
        int headers = policy.getHeaderNamesCount();
        int parameters = policy.getQueryParametersCount();
        if (headers + parameters == 0 && !policy.getAnonymousAllowed()) {
            problems.add("/key_auth", "neither header nor query parameter", "at least one place for the key");
        }
        if (headers > NAMES_MAX) {
            problems.add("/key_auth/header_names", headers + " names", "at most " + NAMES_MAX);
        }
        if (parameters > NAMES_MAX) {
            problems.add("/key_auth/query_parameters", parameters + " names", "at most " + NAMES_MAX);
        }
        for (int i = 0; i < headers; i++) {
            if (!NameText.isHeader(policy.getHeaderNames(i))) {
                problems.add("/key_auth/header_names/" + i, policy.getHeaderNames(i), NameText.HEADER_EXPECTED);
            }
        }
        for (int i = 0; i < parameters; i++) {
            if (!QUERY_PARAMETER.matcher(policy.getQueryParameters(i)).matches()) {
                problems.add(
                        "/key_auth/query_parameters/" + i,
                        policy.getQueryParameters(i),
                        "1 to 64 letters, digits and -._~");
            }
        }
    }

    private static void checkIdentityHeaders(IdentityHeaders policy, ObjectProblems problems) {
        Set<String> names = new HashSet<>();
        checkIdentityHeader("consumer_id", policy.getConsumerId(), names, problems);
        checkIdentityHeader("consumer_name", policy.getConsumerName(), names, problems);
        checkIdentityHeader("consumer_groups", policy.getConsumerGroups(), names, problems);
        checkIdentityHeader("credential_id", policy.getCredentialId(), names, problems);
        checkIdentityHeader("plan_name", policy.getPlanName(), names, problems);
    }

    private static void checkIdentityHeader(String field, String name, Set<String> names, ObjectProblems problems) {
        if (name.isEmpty()) {
            return;
        }
        if (!NameText.isHeader(name)) {
            problems.add("/identity_headers/" + field, name, NameText.HEADER_EXPECTED);
        } else if (!names.add(name.toLowerCase(Locale.ROOT))) {
            problems.add("/identity_headers/" + field, name, "different headers");
        }
    }

    /** The enabled policies attached to this place; two of one type are a problem of the later one. */
    PolicySet compile(ObjectKey place, WireConfiguration wire, ProblemList list) {
        KeyAuthPolicy keyAuth = null;
        RateLimiter rateLimit = null;
        io.tollgate.engine.consumer.IdentityHeaders identityHeaders = null;
        DuplicateSlashes duplicateSlashes = null;
        FaultInjectionPolicy faultInjection = null;
        CompressionPolicy compression = null;
        HttpsRedirectPolicy httpsRedirect = null;
        HstsPolicy hsts = null;
        List<AttachedPolicy> words = new ArrayList<>();
        List<ObjectKey> attached = new ArrayList<>();
        for (ObjectKey key : wire.referrersTo(place)) {
            if (key.kind() == ObjectKind.OBJECT_KIND_POLICY) {
                attached.add(key);
            }
        }
        if (attached.isEmpty()) {
            return PolicySet.NONE;
        }
        attached.sort(null);
        Set<Policy.ConfigCase> types = new HashSet<>();
        for (ObjectKey key : attached) {
            WireObject object = wire.read(key);
            Policy policy = (Policy) object.message();
            if (!policy.getEnabled()) {
                continue;
            }
            if (!types.add(policy.getConfigCase())) {
                new ObjectProblems(list, object)
                        .add("/attachment", typeName(policy), "one enabled policy of a type in one place");
                continue;
            }
            words.add(PolicyWords.of(policy));
            switch (policy.getConfigCase()) {
                case KEY_AUTH -> keyAuth = keyAuth(policy.getKeyAuth());
                case RATE_LIMIT ->
                    rateLimit = limits.compile(
                            policy.getId(),
                            policy.getName(),
                            policy.getRateLimit().getWindowsList());
                case IDENTITY_HEADERS -> identityHeaders = identityHeaders(policy.getIdentityHeaders());
                case REQUEST_TARGET -> duplicateSlashes = duplicateSlashes(policy.getRequestTarget());
                case FAULT_INJECTION -> faultInjection = faultInjection(policy.getFaultInjection());
                case COMPRESSION -> compression = CompressionCompiler.compile(policy.getCompression());
                case HTTPS_REDIRECT -> httpsRedirect = HttpsCompiler.compile(policy.getHttpsRedirect());
                case HSTS -> hsts = HttpsCompiler.compile(policy.getHsts());
                case CONFIG_NOT_SET -> throw new IllegalStateException(key + " was checked");
            }
        }
        return types.isEmpty()
                ? PolicySet.NONE
                : new PolicySet(
                        keyAuth,
                        rateLimit,
                        identityHeaders,
                        duplicateSlashes,
                        faultInjection,
                        compression,
                        httpsRedirect,
                        hsts,
                        words);
    }

    private static String typeName(Policy policy) {
        return "a second " + PolicyWords.type(policy);
    }

    private static FaultInjectionPolicy faultInjection(FaultInjection policy) {
        return new FaultInjectionPolicy(
                policy.getDelayBasisPoints(),
                policy.getDelayMillis(),
                policy.getAbortBasisPoints(),
                policy.getAbortStatus());
    }

    private static DuplicateSlashes duplicateSlashes(RequestTargetRules policy) {
        return switch (policy.getDuplicateSlashes()) {
            case DUPLICATE_SLASHES_KEEP -> DuplicateSlashes.KEEP;
            case DUPLICATE_SLASHES_REFUSE -> DuplicateSlashes.REFUSE;
            default -> DuplicateSlashes.MERGE;
        };
    }

    private static KeyAuthPolicy keyAuth(KeyAuth policy) {
        List<String> headers = policy.getHeaderNamesList().stream()
                .map(name -> name.toLowerCase(Locale.ROOT))
                .toList();
        return new KeyAuthPolicy(headers, policy.getQueryParametersList(), policy.getAnonymousAllowed());
    }

    private static io.tollgate.engine.consumer.IdentityHeaders identityHeaders(IdentityHeaders policy) {
        return new io.tollgate.engine.consumer.IdentityHeaders(
                policy.getConsumerId(),
                policy.getConsumerName(),
                policy.getConsumerGroups(),
                policy.getCredentialId(),
                policy.getPlanName());
    }
}
