package io.tollgate.controlplane.catalog.certificate;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jboss.logging.Logger;

/** Tells when certificates expire, those on all control planes' account. Shared; looks on a thread of the scheduler. */
@ApplicationScoped
public class CertificateFigures {
    /** A series each: more would weigh on whoever collects them, and those that expire later can wait. */
    private static final int CERTIFICATES_MAX = 1_000;

    private static final Logger LOG = Logger.getLogger(CertificateFigures.class);

    private final EntityManager entities;
    private final MultiGauge ends;

    CertificateFigures(EntityManager entities, MeterRegistry figures) {
        this.entities = entities;
        this.ends = MultiGauge.builder("tollgate.control.certificate.not.after")
                .description("When the first certificate of a chain expires, since the Unix epoch")
                .baseUnit("seconds")
                .register(figures);
    }

    @Scheduled(every = "15s", delayed = "1s")
    @Transactional
    void look() {
        try {
            List<MultiGauge.Row<?>> rows = new ArrayList<>();
            for (Object[] row : entities.createQuery(
                            "select name, notAfter from CertificateEntity where notAfter is not null order by notAfter",
                            Object[].class)
                    .setMaxResults(CERTIFICATES_MAX)
                    .getResultList()) {
                rows.add(MultiGauge.Row.of(
                        Tags.of("certificate", (String) row[0]), (double) ((Instant) row[1]).getEpochSecond()));
            }
            ends.register(rows, true);
        } catch (RuntimeException e) {
            LOG.debugf("event=certificates-not-read cause=%s", e.getMessage());
        }
    }
}
