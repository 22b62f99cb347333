package io.tollgate.engine.compile;

import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.token.ClaimPath;
import io.tollgate.proto.config.v1.ForwardedClaim;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * Where tokens may be, and what the upstream is told of them; the same for all policies that take tokens. Compile thread only.
 *
 * @param member of the policy
 */
record TokenPlaces(
        String member,
        List<String> headerNames,
        List<String> queryParameters,
        List<String> cookieNames,
        List<String> audiences,
        List<ForwardedClaim> forwardClaims) {
    private static final int NAMES_MAX = 8;
    private static final int CLAIMS_MAX = 32;
    private static final Pattern PARAMETER = Pattern.compile("[A-Za-z0-9._~-]{1,64}");
    private static final Pattern COOKIE = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}");

    void check(ObjectProblems problems) {
        if (headerNames.isEmpty() && queryParameters.isEmpty() && cookieNames.isEmpty()) {
            problems.add("/" + member, "no place", "at least one header, query parameter or cookie for the token");
        }
        checkNames("header_names", headerNames, NameText::isHeader, problems);
        checkNames(
                "query_parameters",
                queryParameters,
                name -> PARAMETER.matcher(name).matches(),
                problems);
        checkNames("cookie_names", cookieNames, name -> COOKIE.matcher(name).matches(), problems);
        TokenIssuerCompiler.checkTexts(
                "/" + member + "/audiences", audiences, TokenIssuerCompiler.AUDIENCES_MAX, problems);
        checkForwarded(problems);
    }

    private void checkNames(String list, List<String> names, Predicate<String> fits, ObjectProblems problems) {
        String at = "/" + member + "/" + list;
        TokenIssuerCompiler.checkCount(at, names.size(), 0, NAMES_MAX, problems);
        for (int i = 0; i < names.size(); i++) {
            if (!fits.test(names.get(i))) {
                problems.add(at + "/" + i, names.get(i), "a name of 1 to 64 characters that may be one");
            }
        }
    }

    private void checkForwarded(ObjectProblems problems) {
        String list = "/" + member + "/forward_claims";
        TokenIssuerCompiler.checkCount(list, forwardClaims.size(), 0, CLAIMS_MAX, problems);
        Set<String> headers = new HashSet<>();
        for (int i = 0; i < forwardClaims.size(); i++) {
            ForwardedClaim claim = forwardClaims.get(i);
            String at = list + "/" + i;
            TokenIssuerCompiler.checkClaim(at + "/claim", claim.getClaim(), problems);
            if (!NameText.isEditable(claim.getHeader())) {
                problems.add(at + "/header", claim.getHeader(), NameText.EDITABLE_EXPECTED);
            } else if (!headers.add(claim.getHeader().toLowerCase(Locale.ROOT))) {
                problems.add(at + "/header", claim.getHeader(), "different headers");
            }
        }
    }

    JwtPolicy.Places compile() {
        return new JwtPolicy.Places(
                headerNames.stream().map(name -> name.toLowerCase(Locale.ROOT)).toList(), queryParameters, cookieNames);
    }

    List<JwtPolicy.ForwardedClaim> forwarded() {
        return forwardClaims.stream()
                .map(claim -> new JwtPolicy.ForwardedClaim(ClaimPath.of(claim.getClaim()), claim.getHeader()))
                .toList();
    }

    /** In a line for people. */
    String words() {
        return "headers " + headerNames + ", query parameters " + queryParameters + ", cookies " + cookieNames;
    }
}
