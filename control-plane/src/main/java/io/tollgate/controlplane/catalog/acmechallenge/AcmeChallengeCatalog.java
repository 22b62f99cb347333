package io.tollgate.controlplane.catalog.acmechallenge;

import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.controlplane.catalog.revision.RevisionDraft;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** ACME challenges; what their texts may be is the nodes' compiler's to say. Shared; worker threads only. */
@Singleton
public class AcmeChallengeCatalog extends NamedCatalog<AcmeChallengeEntity, AcmeChallengeDraft> {
    private final AcmeChallengeRepository rows;
    private final EnvelopeKey envelope;
    private final Clock clock;

    AcmeChallengeCatalog(AcmeChallengeRepository rows, EnvelopeKey envelope, Clock clock) {
        super(ObjectKind.ACME_CHALLENGE, rows);
        this.rows = rows;
        this.envelope = envelope;
        this.clock = clock;
    }

    @Override
    protected AcmeChallengeEntity blank() {
        return new AcmeChallengeEntity();
    }

    @Override
    protected String nameOf(AcmeChallengeDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<AcmeChallengeEntity> judge(
            AcmeChallengeDraft wanted, AcmeChallengeEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        boolean byHandshake = wanted.type().equals(AcmeChallengeDraft.TLS_ALPN_01);
        judgeMember("/token", wanted.token(), !byHandshake, wanted.type(), faults);
        judgeMember("/domain", wanted.domain(), byHandshake, wanted.type(), faults);
        return row -> {
            String before = row.domain() + " " + row.keyAuthorization();
            row.apply(wanted);
            String domain = wanted.domain();
            if (domain == null) {
                row.proveBy(null, null, null);
            } else if (!before.equals(domain + " " + wanted.keyAuthorization())) {
                ValidationCertificate made =
                        ValidationCertificate.of(domain, wanted.keyAuthorization(), clock.instant());
                row.proveBy(made.der(), envelope.seal(row.id(), made.pkcs8()), envelope.id());
            }
        };
    }

    private static void judgeMember(
            String pointer, @Nullable String value, boolean isWanted, String type, FieldFaults faults) {
        if (isWanted && value == null) {
            faults.add(pointer, "absent (expected: one, since the type is " + type + ")");
        } else if (!isWanted && value != null) {
            faults.add(pointer, value + " (expected: none, since the type is " + type + ")");
        }
    }

    /**
     * Makes these the only challenges of a certificate's order; others of it are deleted.
     *
     * @return the revision that holds them
     */
    public long replaceAll(RevisionDraft draft, UUID certificateId, List<AcmeChallengeDraft> wanted) {
        List<AcmeChallengeEntity> there = rows.list("certificateId", certificateId);
        for (AcmeChallengeEntity one : there) {
            if (wanted.stream().noneMatch(other -> other.name().equals(one.name()))) {
                delete(draft, one);
            }
        }
        for (AcmeChallengeDraft one : wanted) {
            put(draft, one.name(), find(one.name()), one);
        }
        return draft.revision();
    }

    @Override
    protected List<String> referrers(AcmeChallengeEntity entity) {
        return List.of();
    }
}
