package io.tollgate.node.credential.issue;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.consumer.ApiKey;
import io.tollgate.engine.consumer.Credential;
import io.tollgate.engine.consumer.ForeignSecret;
import io.tollgate.engine.consumer.KeyHasher;
import io.tollgate.engine.consumer.Revoked;
import io.tollgate.engine.consumer.Scopes;
import io.tollgate.engine.token.JsonText;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.credential.Signings;
import io.tollgate.node.exchange.Ending;
import io.tollgate.node.exchange.Exchange;
import io.tollgate.node.exchange.GatewayAnswer;
import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OwnEndpoint;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Issues tokens to clients that show an API key of their consumer as their secret (RFC 6749, 4.4). Immutable.
 *
 * @param issuer whose tokens
 * @param own the same issuer's keys and rules
 * @param signings where they are signed
 * @param random for the ids of tokens
 * @param recent what was issued last
 */
record TokenEndpoint(
        TokenIssuer issuer, TokenIssuer.Keys.Own own, Signings signings, SecureRandom random, RecentTokens recent)
        implements OwnEndpoint {
    private static final long NANOS_PER_SECOND = 1_000_000_000;
    private static final String FORM = "application/x-www-form-urlencoded";
    /** In the first quarter of a token's life its client gets the same one again. */
    private static final int AGAIN_SHARE = 4;

    @Override
    public void answer(Exchange exchange, Ending ending) {
        if (!HttpMethod.POST.equals(exchange.request().method())) {
            exchange.allowedMethods("POST");
            ending.ended(exchange, Outcome.METHOD_NOT_ALLOWED);
            return;
        }
        if (own.issuance().place().secure() && !exchange.isSecure()) {
            refuse(exchange, ending, Refused.INVALID_REQUEST.because("secrets are taken over https only"));
            return;
        }
        if (!isForm(exchange.request().headers().get(HttpHeaders.CONTENT_TYPE))) {
            refuse(exchange, ending, Refused.INVALID_REQUEST.because("the body is no form"));
            return;
        }
        FormBody.read(exchange, ending, body -> take(exchange, ending, body));
    }

    private static boolean isForm(@Nullable String type) {
        return type != null
                && type.split(";", 2)[0].strip().toLowerCase(Locale.ROOT).equals(FORM);
    }

    private void take(Exchange exchange, Ending ending, String body) {
        Form form = Form.read(body);
        if (form == null) {
            refuse(exchange, ending, Refused.INVALID_REQUEST.because("a parameter is there twice, or cannot be read"));
            return;
        }
        String grant = form.find("grant_type");
        if (!ClientCredentials.GRANT.equals(grant)) {
            refuse(
                    exchange,
                    ending,
                    grant == null
                            ? Refused.INVALID_REQUEST.because("grant_type is missing")
                            : Refused.UNSUPPORTED_GRANT_TYPE.because("only client_credentials is known here"));
            return;
        }
        String authorization = exchange.request().headers().get(HttpHeaders.AUTHORIZATION);
        if (ClientCredentials.isTwofold(authorization, form)) {
            refuse(exchange, ending, Refused.INVALID_REQUEST.because("the client proves itself in two ways"));
            return;
        }
        ClientCredentials client = ClientCredentials.of(authorization, form);
        Proof proof = client == null ? null : prove(exchange, client);
        if (proof == null) {
            if (client != null && exchange.refusesBadCredential()) {
                ending.ended(exchange, Outcome.TOO_MANY_BAD_CREDENTIALS);
            } else {
                refuse(exchange, ending, Refused.INVALID_CLIENT.because("nobody is known by this id and secret"));
            }
            return;
        }
        Scopes scopes = granted(form.find("scope"), proof.credential().terms().scopes());
        if (scopes == null) {
            refuse(
                    exchange,
                    ending,
                    Refused.INVALID_SCOPE.because("none is asked for, or one that the client does not have"));
            return;
        }
        sign(exchange, ending, proof, scopes);
    }

    /** A client that is who it says it is. The digest is its own. Immutable. */
    private record Proof(Credential credential, byte[] digest) {}

    /** Null: whatever is wrong with it, it is told the same. */
    private @Nullable Proof prove(Exchange exchange, ClientCredentials client) {
        String secret = client.secret();
        boolean ours = ApiKey.isWellFormed(secret);
        if (!ours && !ForeignSecret.isPossible(secret)) {
            return null;
        }
        CompiledConfiguration configuration = exchange.configuration();
        KeyHasher hasher = exchange.scratch().hasher(configuration.keyDigestSecret());
        byte[] digest = (ours ? hasher.digest(secret) : hasher.foreignDigest(secret)).clone();
        Credential credential = configuration.credentials().find(digest);
        if (credential == null || !isNamed(client.id(), credential) || !isWelcome(exchange, credential)) {
            return null;
        }
        return new Proof(credential, digest);
    }

    private static boolean isNamed(String id, Credential credential) {
        return id.equals(credential.consumer().name())
                || id.equals(credential.consumer().id())
                || id.equals(credential.id());
    }

    private boolean isWelcome(Exchange exchange, Credential credential) {
        Revoked revoked = exchange.configuration().revoked();
        boolean live = credential.terms().environment() == ApiKey.Environment.LIVE;
        return !credential.revoked()
                && !credential.isExpired(exchange.epochMillis())
                && credential.consumer().enabled()
                && !revoked.holds(credential)
                && !revoked.holds(credential.consumer())
                && (live ? own.issuance().live() : own.issuance().test())
                && credential.terms().takesFrom(exchange.clientAddressBytes());
    }

    /** What the token is good for: all that the client has, or what it asks for of that; null when it asks for more, or for nothing. */
    private static @Nullable Scopes granted(@Nullable String asked, Scopes held) {
        if (asked == null) {
            return held;
        }
        List<String> words = new ArrayList<>();
        for (String word : asked.split(" ", -1)) {
            if (!word.isEmpty()) {
                if (!held.contains(word)) {
                    return null;
                }
                words.add(word);
            }
        }
        return words.isEmpty() ? null : Scopes.of(words);
    }

    private void sign(Exchange exchange, Ending ending, Proof proof, Scopes scopes) {
        IssuedToken wanted =
                new IssuedToken(issuer, own, proof.credential(), scopes, Math.floorDiv(exchange.epochMillis(), 1_000L));
        RecentTokens.Issued known = recent.find(wanted);
        if (known != null) {
            tell(exchange, ending, known, wanted);
            return;
        }
        long waitNanos =
                signings.take(proof.digest(), exchange.scratch().clock().nanos());
        if (waitNanos > 0) {
            long seconds = (waitNanos + NANOS_PER_SECOND - 1) / NANOS_PER_SECOND;
            refuse(
                    exchange,
                    ending,
                    Refused.TEMPORARILY_UNAVAILABLE.because("so many tokens are not issued to one key"),
                    new GatewayAnswer.Field("Retry-After", String.valueOf(seconds)));
            return;
        }
        byte[] secret = exchange.configuration().keyDigestSecret();
        boolean taken = signings.offer(
                () -> wanted.sign(proof.digest(), new KeyHasher(secret), random),
                token -> exchange.scratch().timer().soon(() -> tell(exchange, ending, token, wanted)));
        if (!taken) {
            ending.ended(exchange, Outcome.CHECKS_BUSY);
        }
    }

    private void tell(Exchange exchange, Ending ending, @Nullable String token, IssuedToken wanted) {
        if (token == null) {
            if (!exchange.isOver()) {
                ending.ended(exchange, Outcome.INTERNAL);
            }
            return;
        }
        RecentTokens.Issued issued = new RecentTokens.Issued(
                token,
                wanted.nowSeconds() + wanted.lifetimeSeconds(),
                wanted.nowSeconds() + wanted.lifetimeSeconds() / AGAIN_SHARE);
        recent.put(wanted, issued);
        tell(exchange, ending, issued, wanted);
    }

    private static void tell(Exchange exchange, Ending ending, RecentTokens.Issued issued, IssuedToken wanted) {
        if (exchange.isOver()) {
            return;
        }
        Map<String, Object> members = new LinkedHashMap<>();
        Scopes scopes = wanted.scopes();
        members.put("access_token", issued.text());
        members.put("token_type", "Bearer");
        members.put("expires_in", issued.endsAtSeconds() - wanted.nowSeconds());
        if (!scopes.isEmpty()) {
            members.put("scope", scopes.toString());
        }
        answer(exchange, ending, 200, members, List.of());
    }

    private static void refuse(Exchange exchange, Ending ending, Refused.Because refusal, GatewayAnswer.Field... more) {
        Map<String, Object> members = new LinkedHashMap<>();
        members.put("error", refusal.refused().word());
        members.put("error_description", refusal.detail());
        List<GatewayAnswer.Field> fields = new ArrayList<>(List.of(more));
        if (refusal.refused().status() == 401) {
            fields.add(new GatewayAnswer.Field("WWW-Authenticate", "Basic realm=\"tollgate\""));
        }
        answer(exchange, ending, refusal.refused().status(), members, fields);
    }

    private static void answer(
            Exchange exchange, Ending ending, int status, Map<String, Object> members, List<GatewayAnswer.Field> more) {
        List<GatewayAnswer.Field> fields = new ArrayList<>(more);
        fields.add(new GatewayAnswer.Field("Content-Type", "application/json"));
        fields.add(new GatewayAnswer.Field("Cache-Control", "no-store"));
        // For caches of long ago (RFC 6749, 5.1).
        fields.add(new GatewayAnswer.Field("Pragma", "no-cache"));
        exchange.answerHere(new GatewayAnswer(status, fields, JsonText.of(members)));
        ending.ended(exchange, Outcome.OK);
    }
}
