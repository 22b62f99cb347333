package io.tollgate.controlplane.admin.answer;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.EmbeddedId;
import jakarta.persistence.Entity;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** The answer to a POST with an Idempotency-Key, as its row keeps it. Worker threads only. */
@Entity
@Table(name = "idempotency")
public class KeptAnswerEntity {
    /** Whose key it is: two callers may think of the same. Immutable. */
    @Embeddable
    public record Key(
            @Column(name = "actor", nullable = false) String actor,
            @Column(name = "key", nullable = false) String key) {}

    @EmbeddedId
    private Key key;

    @Column(name = "request_digest", nullable = false)
    private byte[] requestDigest;

    @Column(nullable = false)
    private int status;

    @JdbcTypeCode(SqlTypes.JSON)
    @Column(nullable = false)
    private Map<String, String> headers;

    @Column(nullable = false)
    private String body;

    @Column(name = "created_at", nullable = false)
    private Instant createdAt;

    protected KeptAnswerEntity() {}

    KeptAnswerEntity(Key key, byte[] requestDigest, Answer answer, Instant createdAt) {
        this.key = key;
        this.requestDigest = requestDigest.clone();
        this.status = answer.status();
        this.headers = answer.headers();
        this.body = answer.keptBody() == null ? "" : answer.keptBody();
        this.createdAt = createdAt;
    }

    Key key() {
        return key;
    }

    byte[] requestDigest() {
        return requestDigest.clone();
    }

    Instant createdAt() {
        return createdAt;
    }

    Answer answer() {
        return new Answer(status, headers, body, body);
    }
}
