package io.tollgate.node.credential;

import io.tollgate.engine.compile.CompiledConfiguration;
import io.tollgate.engine.policy.CallerIdentityPolicy;
import io.tollgate.engine.policy.EffectivePolicies;
import io.tollgate.engine.policy.HttpSignaturePolicy;
import io.tollgate.engine.policy.IntrospectionPolicy;
import io.tollgate.engine.policy.JwtPolicy;
import io.tollgate.engine.policy.PolicyType;
import io.tollgate.engine.token.KeySet;
import io.tollgate.engine.token.TokenIssuer;
import io.tollgate.node.credential.issue.CallerIntroducer;
import io.tollgate.node.credential.issue.IssuerEndpoints;
import io.tollgate.node.credential.issue.RecentTokens;
import io.tollgate.node.exchange.Clock;
import io.tollgate.node.exchange.Introducer;
import io.tollgate.node.exchange.OwnEndpoints;
import io.tollgate.node.exchange.Resolver;
import io.tollgate.node.exchange.Resolvers;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a node knows of credentials beside its configuration: one for the process. Shared. */
public final class Credentials implements Resolvers, AutoCloseable {
    private final CheckPool pool = new CheckPool("credential-check", CheckPool.WAITING_MAX);
    private final CheckPool passwordPool = new CheckPool("password-check", CheckPool.PASSWORDS_WAITING_MAX);
    private final PasswordCache passwords;
    private final PasswordChecks passwordChecks;
    private final SecureRandom random = new SecureRandom();
    private final Signings signings;
    private final SignatureChecks signatures;
    private final RecentTokens issued = new RecentTokens();
    private final CallerIntroducer.Known introductions = new CallerIntroducer.Known();
    private final TokenCache tokens;
    private final IssuerKeyTable keys;
    private final TokenChecks checks;
    private final FetchCounts fetches = new FetchCounts();
    private final AskedIssuers asked;
    private final NewSubjects subjects;
    private final IntrospectionCounts questions = new IntrospectionCounts();

    /** @param directory where fetched keys are kept; null: nowhere */
    public Credentials(Vertx vertx, Clock clock, @Nullable Path directory) {
        Context loop = vertx.getOrCreateContext();
        signings = new Signings(pool, random.nextLong(), clock.nanos());
        tokens = new TokenCache(clock);
        passwords = new PasswordCache(clock);
        passwordChecks = new PasswordChecks(passwordPool, passwords);
        subjects = new NewSubjects(clock);
        FetchedKeys.Means means = new FetchedKeys.Means(clock, fetches);
        keys = new IssuerKeyTable(issuer -> fetched(issuer, loop, means, directory));
        checks = new TokenChecks(pool, tokens, keys, clock);
        signatures = new SignatureChecks(pool, new ReplayWindow(), clock, random.nextLong());
        AskedIssuer.Means asking = new AskedIssuer.Means(loop, clock, tokens, questions);
        asked = new AskedIssuers(issuer ->
                new AskedIssuer(issuer, new IntrospectionCall(vertx, (TokenIssuer.Keys.Asked) issuer.keys()), asking));
    }

    private static FetchedKeys fetched(
            TokenIssuer issuer, Context loop, FetchedKeys.Means means, @Nullable Path directory) {
        TokenIssuer.Keys.Fetched from = (TokenIssuer.Keys.Fetched) issuer.keys();
        KeyFile file = new KeyFile(
                directory == null ? null : directory.resolve(issuer.id()),
                from.url(),
                work -> loop.owner().executeBlocking(() -> {
                    work.run();
                    return null;
                }));
        return new FetchedKeys(issuer, new KeyFetch(loop.owner(), from), file, loop, means).start();
    }

    /** Knows what this configuration speaks of from now on; before it is served. One thread at a time. */
    public void follow(CompiledConfiguration configuration) {
        keys.follow(configuration.tokenIssuers());
        asked.follow(configuration.tokenIssuers());
        signatures.follow(configuration);
    }

    @Override
    public OwnEndpoints endpoints(CompiledConfiguration configuration) {
        return IssuerEndpoints.of(configuration, signings, random, issued);
    }

    @Override
    public @Nullable Introducer introducer(EffectivePolicies policies) {
        CallerIdentityPolicy identity = policies.find(PolicyType.CALLER_IDENTITY);
        return identity == null ? null : new CallerIntroducer(identity, introductions, signings, random);
    }

    @Override
    public List<Resolver> of(EffectivePolicies policies) {
        List<Resolver> resolvers = new ArrayList<>();
        JwtPolicy jwt = policies.find(PolicyType.JWT);
        if (jwt != null) {
            resolvers.add(new TokenResolver(jwt, checks));
        }
        if (policies.find(PolicyType.BASIC_AUTH) != null) {
            resolvers.add(new BasicResolver(passwordChecks));
        }
        HttpSignaturePolicy signature = policies.find(PolicyType.HTTP_SIGNATURE);
        if (signature != null) {
            resolvers.add(new SignatureResolver(signature, signatures));
        }
        // Last: who has proved itself by a token or a password by then need not be asked about. Keys are looked up by
        // the filters; what looks like one of ours is no token.
        IntrospectionPolicy introspection = policies.find(PolicyType.INTROSPECTION);
        if (introspection != null) {
            resolvers.add(new IntrospectionResolver(introspection, tokens, keys, asked));
        }
        if (jwt != null || introspection != null) {
            resolvers.add(new SubjectResolver(subjects));
        }
        return resolvers;
    }

    /** Callers who are to become consumers. */
    public NewSubjects newSubjects() {
        return subjects;
    }

    /** The keys of an issuer; null while none were fetched. Any thread. */
    public @Nullable KeySet keysOf(TokenIssuer issuer) {
        return keys.current(issuer);
    }

    /** What there is to count. */
    public CredentialFigures figures() {
        return new CredentialFigures(List.of(pool, passwordPool), tokens, passwords, keys, fetches, questions);
    }

    @Override
    public void close() {
        keys.stop();
        asked.stop();
        pool.close();
        passwordPool.close();
    }
}
