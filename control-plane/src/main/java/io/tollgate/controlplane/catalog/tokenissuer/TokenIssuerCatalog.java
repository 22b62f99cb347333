package io.tollgate.controlplane.catalog.tokenissuer;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.envelope.SealedSecret;
import io.tollgate.controlplane.catalog.revision.CatalogConflict;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Issuers of tokens and their rules; what their keys must be like the engine judges. Shared; worker threads only. */
@Singleton
public class TokenIssuerCatalog extends NamedCatalog<TokenIssuerEntity, TokenIssuerDraft> {
    private final Directory directory;
    private final EnvelopeKey envelope;
    private final Clock clock;

    TokenIssuerCatalog(TokenIssuerRepository rows, Directory directory, EnvelopeKey envelope, Clock clock) {
        super(ObjectKind.TOKEN_ISSUER, rows);
        this.directory = directory;
        this.envelope = envelope;
        this.clock = clock;
    }

    @Override
    protected TokenIssuerEntity blank() {
        return new TokenIssuerEntity();
    }

    @Override
    protected String nameOf(TokenIssuerDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<TokenIssuerEntity> judge(TokenIssuerDraft wanted, TokenIssuerEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        for (String member : List.of("algorithms", "types", "audiences")) {
            if (wanted.settings().get(member) instanceof List<?> list) {
                faults.duplicates(
                        "/" + member, list.stream().map(String::valueOf).toList());
            }
        }
        String root = wanted.trustRoot();
        UUID trustRoot = root == null ? null : directory.reference(ObjectKind.TRUST_ROOT, root, "/trust_root", faults);
        String planName = wanted.newConsumerPlan();
        UUID plan =
                planName == null ? null : directory.reference(ObjectKind.PLAN, planName, "/new_consumers/plan", faults);
        if (wanted.settings().get(TokenIssuerDraft.NEW_CONSUMERS) instanceof Map<?, ?> made
                && made.get("groups") instanceof List<?> groups) {
            faults.duplicates(
                    "/new_consumers/groups",
                    groups.stream().map(String::valueOf).toList());
        }
        SealedSecret secret =
                secret(wanted.hmacSecret(), wanted.saysAnotherWay() ? null : entity.secret(), entity.id());
        SealedSecret clientSecret =
                secret(wanted.clientSecret(), wanted.isAsked() ? entity.clientSecret() : null, entity.id());
        SealedRing ring = ring(wanted, entity);
        return row -> row.apply(wanted, new TokenIssuerEntity.References(trustRoot, plan), secret, clientSecret, ring);
    }

    /**
     * The secret that is to be stored. The one that is there stays when it is given again, so that nothing changes then.
     *
     * @param text as it is given; absent: it is not
     * @param known the one that is there and may stay
     */
    private @Nullable SealedSecret secret(@Nullable String text, @Nullable SealedSecret known, UUID id) {
        if (text == null) {
            return known;
        }
        byte[] secret = text.getBytes(StandardCharsets.UTF_8);
        return known != null && isSame(secret, known, id)
                ? known
                : new SealedSecret(
                        envelope.seal(id, secret),
                        envelope.id(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
    }

    /** The key pairs that nodes are to sign with: those that are there, and one more where none is of the wanted algorithm. */
    private @Nullable SealedRing ring(TokenIssuerDraft wanted, TokenIssuerEntity entity) {
        String algorithm = wanted.signingAlgorithm();
        if (algorithm == null) {
            return null;
        }
        SealedRing known = entity.ring();
        List<ListedKey> listed = known == null ? List.of() : known.listed();
        boolean fits =
                !listed.isEmpty() && listed.get(listed.size() - 1).algorithm().equals(algorithm);
        return fits ? known : sealed(entity.id(), more(opened(known, entity.id()), algorithm));
    }

    private KeyRing more(KeyRing ring, String algorithm) {
        Instant now = clock.instant();
        KeyRing current = ring.current(now);
        if (current.pairs().size() >= KeyRing.PAIRS_MAX) {
            throw new CatalogConflict(
                    current.pairs().size() + " keys of this issuer are still believed (expected: at most "
                            + (KeyRing.PAIRS_MAX - 1) + "; the oldest goes when its last token is over)");
        }
        return current.withNew(algorithm, now);
    }

    private KeyRing opened(@Nullable SealedRing ring, UUID id) {
        if (ring == null) {
            return KeyRing.EMPTY;
        }
        try {
            return KeyRing.parse(envelope.open(id, ring.bytes()));
        } catch (GeneralSecurityException e) {
            // Of another envelope key: what is made now takes its place.
            return KeyRing.EMPTY;
        }
    }

    private SealedRing sealed(UUID id, KeyRing ring) {
        return new SealedRing(envelope.seal(id, ring.bytes()), envelope.id(), ring.listed());
    }

    /** Has nodes sign with a new key soon; the old one is believed until its last token is over. */
    public void rotate(RevisionDraft draft, TokenIssuerEntity entity) {
        SealedRing known = entity.ring();
        if (known == null) {
            throw new CatalogConflict(
                    "token issuer " + entity.name() + " has no keys of ours (expected: one with authorization_server)");
        }
        String algorithm = known.listed().get(known.listed().size() - 1).algorithm();
        SealedRing next = sealed(entity.id(), more(opened(known, entity.id()), algorithm));
        draft.replace(entity, row -> row.signWith(next));
    }

    /** Whether it wants a new key by now, or has one that nobody needs any more. */
    boolean isDue(TokenIssuerEntity entity) {
        List<ListedKey> listed = entity.signingKeyList();
        if (listed.isEmpty()) {
            return false;
        }
        Instant now = clock.instant();
        return isOld(entity, now)
                || (listed.size() > 1
                        && listed.get(1).signsFromMillis()
                                < now.minus(KeyRing.BELIEVED).toEpochMilli());
    }

    private static boolean isOld(TokenIssuerEntity entity, Instant now) {
        List<ListedKey> listed = entity.signingKeyList();
        long newest = listed.get(listed.size() - 1).signsFromMillis();
        Instant ends = Instant.ofEpochMilli(newest).plus(Duration.ofDays(entity.keyRotationDays()));
        return !ends.isAfter(now.plus(KeyRing.LEAD));
    }

    /** Does what {@link #isDue} says, by the row of now. */
    void renew(RevisionDraft draft, TokenIssuerEntity entity) {
        SealedRing known = entity.ring();
        if (known == null || !isDue(entity)) {
            return;
        }
        if (isOld(entity, clock.instant())) {
            rotate(draft, entity);
            return;
        }
        SealedRing next = sealed(entity.id(), opened(known, entity.id()).current(clock.instant()));
        draft.replace(entity, row -> row.signWith(next));
    }

    private boolean isSame(byte[] secret, SealedSecret known, UUID id) {
        try {
            return MessageDigest.isEqual(secret, envelope.open(id, known.bytes()));
        } catch (GeneralSecurityException e) {
            // Of another envelope key: then this one takes its place.
            return false;
        }
    }

    @Override
    protected List<String> referrers(TokenIssuerEntity entity) {
        return Stream.of(
                        directory.referrers(ObjectKind.POLICY, ":id member of tokenIssuerIds", entity.id()),
                        directory.referrers(ObjectKind.CREDENTIAL, "tokenIssuerId = :id", entity.id()))
                .flatMap(List::stream)
                .toList();
    }
}
