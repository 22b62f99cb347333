package io.tollgate.controlplane.catalog.acmechallenge;

import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.function.Consumer;

/** ACME challenges; what their texts may be is the nodes' compiler's to say. Shared; worker threads only. */
@Singleton
public class AcmeChallengeCatalog extends NamedCatalog<AcmeChallengeEntity, AcmeChallengeDraft> {
    AcmeChallengeCatalog(AcmeChallengeRepository rows) {
        super(ObjectKind.ACME_CHALLENGE, rows);
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
        return row -> row.apply(wanted);
    }

    @Override
    protected List<String> referrers(AcmeChallengeEntity entity) {
        return List.of();
    }
}
