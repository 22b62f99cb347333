package io.tollgate.controlplane.catalog.revision;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.util.UUID;

/** The one row that every write locks first, so that the order of revisions is the order of commits. Worker threads only. */
@Entity
@Table(name = "revision_counter")
public class RevisionCounter {
    @Id
    private boolean one;

    @Column(nullable = false)
    private long revision;

    @Column(name = "control_epoch", nullable = false)
    private UUID controlEpoch;

    @Column(name = "key_digest_secret", nullable = false)
    private byte[] keyDigestSecret;

    protected RevisionCounter() {}

    public long revision() {
        return revision;
    }

    /** Identity of this line of revisions. */
    public UUID controlEpoch() {
        return controlEpoch;
    }

    /** Secret of the HMAC-SHA-256 over API keys; 32 bytes. */
    public byte[] keyDigestSecret() {
        return keyDigestSecret.clone();
    }

    void moveTo(long next) {
        revision = next;
    }
}
