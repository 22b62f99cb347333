package io.tollgate.controlplane.catalog.trustroot;

import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.directory.NamedCatalog;
import io.tollgate.controlplane.catalog.revision.FieldFaults;
import io.tollgate.controlplane.catalog.revision.ObjectKind;
import io.tollgate.engine.tls.TlsFault;
import io.tollgate.engine.tls.TrustRoot;
import jakarta.inject.Singleton;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Trust roots and their rules. Shared; worker threads only. */
@Singleton
public class TrustRootCatalog extends NamedCatalog<TrustRootEntity, TrustRootDraft> {
    private final Directory directory;
    private final Clock clock;

    TrustRootCatalog(TrustRootRepository rows, Directory directory, Clock clock) {
        super(ObjectKind.TRUST_ROOT, rows);
        this.directory = directory;
        this.clock = clock;
    }

    @Override
    protected TrustRootEntity blank() {
        return new TrustRootEntity();
    }

    @Override
    protected String nameOf(TrustRootDraft wanted) {
        return wanted.name();
    }

    @Override
    protected Consumer<TrustRootEntity> judge(TrustRootDraft wanted, TrustRootEntity entity, FieldFaults faults) {
        faults.duplicates("/tags", wanted.tags());
        try {
            List<X509Certificate> authorities = TrustRoot.parse(wanted.certificates());
            // What is there stays there when it expires, so that it can be written again as it was read.
            if (!wanted.certificates().equals(entity.certificates())) {
                judgeTime(authorities, faults);
            }
        } catch (TlsFault fault) {
            faults.add("/certificates", String.valueOf(fault.getMessage()));
        }
        return row -> row.apply(wanted);
    }

    private void judgeTime(List<X509Certificate> authorities, FieldFaults faults) {
        Instant now = clock.instant();
        for (int i = 0; i < authorities.size(); i++) {
            Instant end = authorities.get(i).getNotAfter().toInstant();
            if (end.isBefore(now)) {
                faults.add(
                        "/certificates",
                        "certificate " + i + " ("
                                + authorities.get(i).getSubjectX500Principal().getName() + ") expired at " + end
                                + " (expected: certificates that are valid)");
            }
        }
    }

    @Override
    protected List<String> referrers(TrustRootEntity entity) {
        return Stream.of(
                        directory.referrers(ObjectKind.SERVICE, "trustRootId = :id", entity.id()),
                        directory.referrers(ObjectKind.ACME_ISSUER, ":id member of trustRootIds", entity.id()),
                        directory.referrers(ObjectKind.TOKEN_ISSUER, "trustRootId = :id", entity.id()),
                        directory.referrers(ObjectKind.LISTENER, ":id member of trustRootIds", entity.id()))
                .flatMap(List::stream)
                .toList();
    }
}
