package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.FaultInjection;
import io.tollgate.proto.config.v1.KeyAuth;
import io.tollgate.proto.config.v1.Policy;
import io.tollgate.proto.config.v1.RateWindow;
import java.util.Locale;

/** Says what a policy says, in a line for people. Immutable functions. */
final class PolicyWords {
    private PolicyWords() {}

    static AttachedPolicy of(Policy policy) {
        return new AttachedPolicy(type(policy), policy.getName(), detail(policy));
    }

    /** The type as the admin API writes it. */
    static String type(Policy policy) {
        return policy.getConfigCase().name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String detail(Policy policy) {
        return switch (policy.getConfigCase()) {
            case KEY_AUTH -> keyAuth(policy.getKeyAuth());
            case RATE_LIMIT -> {
                StringBuilder out = new StringBuilder();
                for (RateWindow window : policy.getRateLimit().getWindowsList()) {
                    out.append(out.length() == 0 ? "" : ", ")
                            .append(window.getRequests())
                            .append(" per ")
                            .append(window.getWindowSeconds())
                            .append(" s, burst ")
                            .append(window.getBurst());
                }
                yield out.toString();
            }
            case IDENTITY_HEADERS -> "headers that tell the service who calls";
            case REQUEST_TARGET ->
                "duplicate slashes: "
                        + policy.getRequestTarget()
                                .getDuplicateSlashes()
                                .name()
                                .substring("DUPLICATE_SLASHES_".length())
                                .toLowerCase(Locale.ROOT);
            case FAULT_INJECTION -> faultInjection(policy.getFaultInjection());
            case HTTPS_REDIRECT -> HttpsCompiler.words(policy.getHttpsRedirect());
            case HSTS -> HttpsCompiler.compile(policy.getHsts()).fieldValue();
            case COMPRESSION -> CompressionCompiler.words(policy.getCompression());
            default -> "";
        };
    }

    private static String faultInjection(FaultInjection policy) {
        return "delays " + policy.getDelayBasisPoints() + " of 10000 calls by " + policy.getDelayMillis() + " ms, ends "
                + policy.getAbortBasisPoints() + " of 10000 with " + policy.getAbortStatus();
    }

    private static String keyAuth(KeyAuth policy) {
        return "headers " + policy.getHeaderNamesList() + ", query parameters " + policy.getQueryParametersList()
                + (policy.getAnonymousAllowed() ? ", anonymous calls pass" : "");
    }
}
