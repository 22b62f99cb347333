package io.tollgate.engine.compile;

import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.token.ClaimPath;
import io.tollgate.proto.config.v1.ForwardedClaim;
import io.tollgate.proto.config.v1.Jwt;
import io.tollgate.proto.config.v1.Policy;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Policies of the type jwt. Compile thread only. */
final class JwtCompiler implements PolicyRules<Jwt, JwtPolicy> {
    private static final int ISSUERS_MAX = 16;
    private static final int NAMES_MAX = 8;
    private static final int CLAIMS_MAX = 32;
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    @Override
    public PolicyType<JwtPolicy> type() {
        return PolicyType.JWT;
    }

    @Override
    public Jwt config(Policy policy) {
        return policy.getJwt();
    }

    @Override
    public void check(Jwt policy, ObjectProblems problems) {
        TokenIssuerCompiler.checkCount("/jwt/issuers", policy.getIssuerIdsCount(), 1, ISSUERS_MAX, problems);
        int places = policy.getHeaderNamesCount() + policy.getQueryParametersCount() + policy.getCookieNamesCount();
        if (places == 0) {
            problems.add("/jwt", "no place", "at least one header, query parameter or cookie for the token");
        }
        checkNames("header_names", policy.getHeaderNamesList(), NameText::isHeader, problems);
        checkNames(
                "query_parameters",
                policy.getQueryParametersList(),
                name -> PARAMETER.matcher(name).matches(),
                problems);
        checkNames(
                "cookie_names",
                policy.getCookieNamesList(),
                name -> COOKIE.matcher(name).matches(),
                problems);
        TokenIssuerCompiler.checkTexts(
                "/jwt/audiences", policy.getAudiencesList(), TokenIssuerCompiler.AUDIENCES_MAX, problems);
        checkForwarded(policy, problems);
        if (policy.getCertificateBinding() == io.tollgate.proto.config.v1.CertificateBinding.UNRECOGNIZED) {
            problems.add("/jwt/certificate_binding", policy.getCertificateBindingValue(), "when-bound or required");
        }
    }

    private static void checkNames(
            String member, List<String> names, java.util.function.Predicate<String> fits, ObjectProblems problems) {
        TokenIssuerCompiler.checkCount("/jwt/" + member, names.size(), 0, NAMES_MAX, problems);
        for (int i = 0; i < names.size(); i++) {
            if (!fits.test(names.get(i))) {
                problems.add("/jwt/" + member + "/" + i, names.get(i), "a name of 1 to 64 characters that may be one");
            }
        }
    }

    private static void checkForwarded(Jwt policy, ObjectProblems problems) {
        TokenIssuerCompiler.checkCount("/jwt/forward_claims", policy.getForwardClaimsCount(), 0, CLAIMS_MAX, problems);
        Set<String> headers = new HashSet<>();
        for (int i = 0; i < policy.getForwardClaimsCount(); i++) {
            ForwardedClaim claim = policy.getForwardClaims(i);
            String at = "/jwt/forward_claims/" + i;
            TokenIssuerCompiler.checkClaim(at + "/claim", claim.getClaim(), problems);
            if (!NameText.isEditable(claim.getHeader())) {
                problems.add(at + "/header", claim.getHeader(), NameText.EDITABLE_EXPECTED);
            } else if (!headers.add(claim.getHeader().toLowerCase(Locale.ROOT))) {
                problems.add(at + "/header", claim.getHeader(), "different headers");
            }
        }
    }

    @Override
    public JwtPolicy compile(Jwt config, Policy policy) {
        return new JwtPolicy(
                config.getIssuerIdsList(),
                new JwtPolicy.Places(
                        config.getHeaderNamesList().stream()
                                .map(name -> name.toLowerCase(Locale.ROOT))
                                .toList(),
                        config.getQueryParametersList(),
                        config.getCookieNamesList()),
                config.getAudiencesList(),
                config.getForwardClaimsList().stream()
                        .map(claim -> new JwtPolicy.ForwardedClaim(ClaimPath.of(claim.getClaim()), claim.getHeader()))
                        .toList(),
                config.getKeepToken(),
                config.getAnonymousAllowed(),
                isBoundOnly(config));
    }

    @Override
    public String words(Jwt config) {
        return config.getIssuerIdsCount() + (config.getIssuerIdsCount() == 1 ? " issuer" : " issuers") + ", headers "
                + config.getHeaderNamesList() + ", query parameters " + config.getQueryParametersList() + ", cookies "
                + config.getCookieNamesList() + (config.getAnonymousAllowed() ? ", anonymous calls pass" : "")
                + (isBoundOnly(config) ? ", bound to a client certificate only" : "");
    }

    private static boolean isBoundOnly(Jwt config) {
        return config.getCertificateBinding()
                == io.tollgate.proto.config.v1.CertificateBinding.CERTIFICATE_BINDING_REQUIRED;
    }
}
