package io.tollgate.controlplane.join;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.tollgate.controlplane.DatabaseFailure;
import io.tollgate.controlplane.catalog.audit.Actor;
import io.tollgate.controlplane.catalog.audit.AuditLog;
import io.tollgate.controlplane.catalog.audit.Deed;
import io.tollgate.controlplane.catalog.revision.NotInCatalog;
import jakarta.enterprise.context.ApplicationScoped;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One-time join tokens. A token's text is {@code tgj1.<id>.<secret>.<fingerprint>}: id in 32 hexadecimal digits, 256 random bits in
 * base64url, and the SHA-256 of the authority's certificate, by which the node knows the control plane before it tells it anything. Of the
 * secret the database holds its SHA-256 only; it is random enough to need nothing slower. Shared; worker threads only.
 */
@ApplicationScoped
public class JoinTokens {
    /** Begins every token, so that it cannot be taken for a shared one. */
    static final String PREFIX = "tgj1.";

    /** How long a token is listed after it has expired. */
    static final Duration LISTED_AFTER_EXPIRY = Duration.ofDays(30);

    private static final int SECRET_BYTES = 32;
    private static final String COLUMNS =
            "select id, node_id, created_by, created_at, expires_at, used_at, used_by from join_token";

    private final AgroalDataSource database;
    private final StreamAuthority authority;
    private final AuditLog audit;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    JoinTokens(AgroalDataSource database, StreamAuthority authority, AuditLog audit, Clock clock) {
        this.database = database;
        this.authority = authority;
        this.audit = audit;
        this.clock = clock;
    }

    /** A token and its text, which is nowhere else. Its own text holds no secret. Immutable. */
    public record Issued(JoinToken token, String text) {
        @Override
        public String toString() {
            return "Issued[" + token.id() + "]";
        }
    }

    /** Makes a token for {@code nodeId}, or for any node. */
    public Issued issue(@Nullable String nodeId, Duration lifetime, Actor by) {
        byte[] secret = new byte[SECRET_BYTES];
        random.nextBytes(secret);
        String secretText = Base64.getUrlEncoder().withoutPadding().encodeToString(secret);
        Instant now = clock.instant().truncatedTo(ChronoUnit.MILLIS);
        JoinToken token = new JoinToken(UUID.randomUUID(), nodeId, by.subject(), now, now.plus(lifetime), null, null);
        QuarkusTransaction.requiringNew().run(() -> {
            DatabaseFailure.unchecked(() -> insert(token, digest(secretText)));
            audit.beside(by, new Deed("issue", "join-token", token.id(), nodeId, null, portrait(token)));
        });
        String text =
                PREFIX + token.id().toString().replace("-", "") + "." + secretText + "." + authority.fingerprint();
        return new Issued(token, text);
    }

    private int insert(JoinToken token, byte[] secretDigest) throws SQLException {
        try (Connection connection = database.getConnection();
                PreparedStatement insert = connection.prepareStatement(
                        "insert into join_token (id, secret_digest, node_id, created_by, created_at, expires_at)"
                                + " values (?, ?, ?, ?, ?, ?)")) {
            insert.setObject(1, token.id());
            insert.setBytes(2, secretDigest);
            insert.setString(3, token.nodeId());
            insert.setString(4, token.createdBy());
            insert.setObject(5, token.createdAt().atOffset(ZoneOffset.UTC));
            insert.setObject(6, token.expiresAt().atOffset(ZoneOffset.UTC));
            return insert.executeUpdate();
        }
    }

    /** A place in the list. Immutable. */
    public record Place(Instant createdAt, UUID id) {}

    /** At most {@code limit} tokens, the newest first, behind {@code after}. */
    public List<JoinToken> page(@Nullable Place after, int limit) {
        String behind = after == null ? "" : " where (created_at, id) < (?, ?)";
        return DatabaseFailure.unchecked(() -> {
            try (Connection connection = database.getConnection();
                    PreparedStatement query = connection.prepareStatement(
                            COLUMNS + behind + " order by created_at desc, id desc limit " + limit)) {
                if (after != null) {
                    query.setObject(1, after.createdAt().atOffset(ZoneOffset.UTC));
                    query.setObject(2, after.id());
                }
                return read(query);
            }
        });
    }

    public JoinToken get(UUID id) {
        return DatabaseFailure.unchecked(() -> {
            try (Connection connection = database.getConnection();
                    PreparedStatement query = connection.prepareStatement(COLUMNS + " where id = ?")) {
                query.setObject(1, id);
                return read(query).stream()
                        .findFirst()
                        .orElseThrow(() -> new NotInCatalog("join token", id.toString()));
            }
        });
    }

    /** Nobody joins with it any more. */
    public void delete(UUID id, Actor by) {
        QuarkusTransaction.requiringNew().run(() -> {
            JoinToken token = get(id);
            DatabaseFailure.unchecked(() -> {
                try (Connection connection = database.getConnection();
                        PreparedStatement delete = connection.prepareStatement("delete from join_token where id = ?")) {
                    delete.setObject(1, id);
                    return delete.executeUpdate();
                }
            });
            audit.beside(by, new Deed("delete", "join-token", id, token.nodeId(), portrait(token), null));
        });
    }

    @Scheduled(every = "1h", delayed = "3m")
    void forgetOld() {
        DatabaseFailure.unchecked(() -> {
            try (Connection connection = database.getConnection();
                    PreparedStatement delete =
                            connection.prepareStatement("delete from join_token where expires_at < ?")) {
                delete.setObject(1, clock.instant().minus(LISTED_AFTER_EXPIRY).atOffset(ZoneOffset.UTC));
                return delete.executeUpdate();
            }
        });
    }

    static byte[] digest(String secret) {
        return Issuance.sha256(secret.getBytes(StandardCharsets.UTF_8));
    }

    private static Map<String, Object> portrait(JoinToken token) {
        return token.nodeId() == null
                ? Map.of("expires_at", token.expiresAt().toString())
                : Map.of(
                        "node_id",
                        token.nodeId(),
                        "expires_at",
                        token.expiresAt().toString());
    }

    private static List<JoinToken> read(PreparedStatement query) throws SQLException {
        try (ResultSet row = query.executeQuery()) {
            List<JoinToken> tokens = new ArrayList<>();
            while (row.next()) {
                OffsetDateTime usedAt = row.getObject("used_at", OffsetDateTime.class);
                tokens.add(new JoinToken(
                        row.getObject("id", UUID.class),
                        row.getString("node_id"),
                        row.getString("created_by"),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getObject("expires_at", OffsetDateTime.class).toInstant(),
                        usedAt == null ? null : usedAt.toInstant(),
                        row.getString("used_by")));
            }
            return tokens;
        }
    }
}
