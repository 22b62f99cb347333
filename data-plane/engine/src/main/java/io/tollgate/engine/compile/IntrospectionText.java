package io.tollgate.engine.compile;

import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.proto.config.v1.ClientAuthentication;
import io.tollgate.proto.config.v1.TokenIntrospection;

/** How an issuer is asked about its tokens: checks it and makes {@link TokenIssuer.Introspection}s. Compile thread only. */
final class IntrospectionText {
    private static final int TIMEOUT_MILLIS_MIN = 100;
    private static final int TIMEOUT_MILLIS_MAX = 10_000;
    private static final int CACHE_SECONDS_MAX = 3_600;
    private static final int INACTIVE_CACHE_SECONDS_MAX = 300;
    private static final int ID_CHARACTERS_MAX = 512;
    private static final int SECRET_CHARACTERS_MAX = 1_024;
    private static final long MILLIS_PER_SECOND = 1_000;

    private IntrospectionText() {}

    /** Never says the secret. */
    static void check(TokenIntrospection how, ObjectProblems problems) {
        if (!TokenIssuerCompiler.isFetchable(how.getUrl())) {
            problems.add("/introspection/url", how.getUrl(), TokenIssuerCompiler.URL_EXPECTED);
        }
        checkLength("/introspection/client_id", how.getClientId().length(), ID_CHARACTERS_MAX, problems);
        checkLength("/introspection/client_secret", how.getClientSecret().length(), SECRET_CHARACTERS_MAX, problems);
        if (how.getAuthentication() == ClientAuthentication.UNRECOGNIZED) {
            problems.add(
                    "/introspection/authentication",
                    how.getAuthenticationValue(),
                    "client_secret_basic or client_secret_post");
        }
        problems.range("/introspection/timeout_millis", how.getTimeoutMillis(), TIMEOUT_MILLIS_MIN, TIMEOUT_MILLIS_MAX);
        problems.range("/introspection/cache_seconds", how.getCacheSeconds(), 0, CACHE_SECONDS_MAX);
        problems.range(
                "/introspection/inactive_cache_seconds", how.getInactiveCacheSeconds(), 0, INACTIVE_CACHE_SECONDS_MAX);
    }

    private static void checkLength(String pointer, int characters, int most, ObjectProblems problems) {
        if (characters == 0 || characters > most) {
            problems.add(pointer, characters + " characters", "1 to " + most);
        }
    }

    static TokenIssuer.Introspection compile(TokenIntrospection how) {
        return new TokenIssuer.Introspection(
                how.getUrl(),
                how.getClientId(),
                how.getClientSecret(),
                how.getAuthentication() == ClientAuthentication.CLIENT_AUTHENTICATION_CLIENT_SECRET_POST,
                how.getTimeoutMillis(),
                how.getCacheSeconds() * MILLIS_PER_SECOND,
                how.getInactiveCacheSeconds() * MILLIS_PER_SECOND);
    }
}
