package io.tollgate.controlplane.catalog.tokenissuer;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.List;
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
        SealedSecret secret = secret(wanted, entity);
        return row -> row.apply(wanted, trustRoot, secret);
    }

    /** The secret that is to be stored. The one that is there stays when it is given again, so that nothing changes then. */
    private @Nullable SealedSecret secret(TokenIssuerDraft wanted, TokenIssuerEntity entity) {
        SealedSecret known = entity.secret();
        String text = wanted.hmacSecret();
        if (text == null) {
            return wanted.hasPublicKeys() ? null : known;
        }
        byte[] secret = text.getBytes(StandardCharsets.UTF_8);
        return known != null && isSame(secret, known, entity.id())
                ? known
                : new SealedSecret(
                        envelope.seal(entity.id(), secret),
                        envelope.id(),
                        clock.instant().truncatedTo(ChronoUnit.MILLIS));
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
