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
import java.security.MessageDigest;
import java.security.PublicKey;
import java.security.cert.X509Certificate;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Gives nodes their certificates, and takes them back. What is said of one node is said under a lock of its id, so that no certificate is
 * issued past a revocation. Shared; blocks on the database.
 */
@ApplicationScoped
public class NodeCertificates {
    private static final Pattern NODE_ID = Pattern.compile("[a-z0-9-]{1,63}");

    /** How long a certificate is known after it has expired. */
    private static final Duration KNOWN_AFTER_EXPIRY = Duration.ofDays(30);

    private final AgroalDataSource database;
    private final StreamAuthority authority;
    private final AuditLog audit;
    private final Clock clock;
    private final Duration lifetime;

    NodeCertificates(
            AgroalDataSource database,
            StreamAuthority authority,
            AuditLog audit,
            Clock clock,
            @ConfigProperty(name = "tollgate.stream.certificate-seconds", defaultValue = "604800")
                    int lifetimeSeconds) {
        this.database = database;
        this.authority = authority;
        this.audit = audit;
        this.clock = clock;
        this.lifetime = Duration.ofSeconds(lifetimeSeconds);
    }

    /** How long what is issued here is good for. */
    public Duration lifetime() {
        return lifetime;
    }

    /**
     * A node's word with its join token.
     *
     * @param publicKey SubjectPublicKeyInfo, DER
     */
    @SuppressWarnings("ArrayRecordComponent") // Read once, and never changed.
    public record Candidate(String tokenId, String tokenSecret, String nodeId, byte[] publicKey) {
        /** Holds no secret. */
        @Override
        public String toString() {
            return "Candidate[" + nodeId + "]";
        }
    }

    /**
     * Spends the token for this node and this key. The same key may ask again with it while the token lasts: its first answer may have been
     * lost, and nobody else can use what it gets.
     */
    public X509Certificate join(Candidate candidate) throws JoinRefused {
        if (!NODE_ID.matcher(candidate.nodeId()).matches()) {
            throw new JoinRefused("the node id (expected: 1 to 63 characters of a-z, 0-9 and -)");
        }
        PublicKey key = key(candidate.publicKey());
        UUID tokenId = id(candidate.tokenId());
        return inTransaction(candidate.nodeId(), connection -> {
            Instant now = now();
            JoinTable.Token token = JoinTable.token(connection, tokenId, candidate.tokenSecret());
            if (token == null || !now.isBefore(token.expiresAt())) {
                throw new JoinRefused("the join token is unknown, deleted or expired (expected: a new join token)");
            }
            byte[] keyDigest = Issuance.sha256(candidate.publicKey());
            boolean again = candidate.nodeId().equals(token.usedBy())
                    && token.usedKey() != null
                    && MessageDigest.isEqual(keyDigest, token.usedKey());
            if (token.usedBy() != null && !again) {
                throw new JoinRefused("the join token was used before (expected: a new join token)");
            }
            if (token.nodeId() != null && !token.nodeId().equals(candidate.nodeId())) {
                throw new JoinRefused("the join token is not for node " + candidate.nodeId());
            }
            Actor by = new Actor("node " + candidate.nodeId(), Set.of());
            if (again || token.nodeId() != null) {
                JoinTable.revoke(connection, candidate.nodeId(), by.subject(), now);
            } else if (JoinTable.hasValid(connection, candidate.nodeId(), now)) {
                throw new JoinRefused(
                        "node " + candidate.nodeId() + " has a valid certificate (expected: a join token with"
                                + " this node_id, or another node id)");
            }
            JoinTable.spend(connection, tokenId, candidate.nodeId(), keyDigest, now);
            X509Certificate issued = issue(connection, candidate.nodeId(), key, now);
            audit.beside(
                    by,
                    new Deed(
                            "join",
                            "node",
                            null,
                            candidate.nodeId(),
                            null,
                            Map.of("join_token", tokenId.toString(), "serial", Issuance.serial(issued))));
            return issued;
        });
    }

    /** The serial of a certificate, as operators see it. */
    public static String serial(X509Certificate certificate) {
        return Issuance.serial(certificate);
    }

    /** A newer certificate for the node of {@code shown}, which stays good until it expires. */
    public X509Certificate renew(X509Certificate shown, String nodeId, byte[] publicKey) throws JoinRefused {
        PublicKey key = key(publicKey);
        return inTransaction(nodeId, connection -> {
            if (JoinTable.isRevoked(connection, Issuance.serial(shown))) {
                throw new JoinRefused("the certificate is revoked (expected: a new join token)");
            }
            return issue(connection, nodeId, key, now());
        });
    }

    /**
     * Revokes every certificate of a node, and deletes what it could join with again.
     *
     * @return whether one was valid
     */
    public boolean revoke(String nodeId, Actor by) {
        try {
            return inTransaction(nodeId, connection -> {
                Instant now = now();
                if (!JoinTable.isKnown(connection, nodeId)) {
                    throw new NotInCatalog("certificate of node", nodeId);
                }
                int revoked = JoinTable.revoke(connection, nodeId, by.subject(), now);
                JoinTable.deleteTokens(connection, nodeId);
                if (revoked > 0) {
                    audit.beside(by, new Deed("revoke", "node", null, nodeId, null, Map.of("certificates", revoked)));
                }
                return revoked > 0;
            });
        } catch (JoinRefused never) {
            throw new IllegalStateException("revoking refuses nobody", never);
        }
    }

    /** The newest certificate of each of these nodes that has one. */
    public Map<String, IssuedCertificate> newest(Collection<String> nodeIds) {
        return DatabaseFailure.unchecked(() -> {
            try (Connection connection = database.getConnection()) {
                return JoinTable.newest(connection, nodeIds);
            }
        });
    }

    @Scheduled(every = "1h", delayed = "4m")
    void forgetOld() {
        DatabaseFailure.unchecked(() -> {
            try (Connection connection = database.getConnection();
                    PreparedStatement delete =
                            connection.prepareStatement("delete from node_certificate where not_after < ?")) {
                delete.setObject(1, now().minus(KNOWN_AFTER_EXPIRY).atOffset(ZoneOffset.UTC));
                return delete.executeUpdate();
            }
        });
    }

    private interface Work<T> {
        T run(Connection connection) throws SQLException, JoinRefused;
    }

    private static final class Refusal extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Refusal(JoinRefused cause) {
            super(cause);
        }
    }

    private <T> T inTransaction(String nodeId, Work<T> work) throws JoinRefused {
        try {
            return QuarkusTransaction.requiringNew()
                    .call(() -> DatabaseFailure.unchecked(() -> {
                        try (Connection connection = database.getConnection()) {
                            try (PreparedStatement lock = connection.prepareStatement(
                                    "select pg_advisory_xact_lock(hashtextextended('tollgate node ' || ?, 0))")) {
                                lock.setString(1, nodeId);
                                lock.execute();
                            }
                            return work.run(connection);
                        } catch (JoinRefused e) {
                            throw new Refusal(e);
                        }
                    }));
        } catch (Refusal e) {
            throw (JoinRefused) e.getCause();
        }
    }

    private X509Certificate issue(Connection connection, String nodeId, PublicKey key, Instant now)
            throws SQLException {
        X509Certificate issued = authority.issueToNode(nodeId, key, now, lifetime);
        JoinTable.insert(
                connection,
                nodeId,
                Issuance.serial(issued),
                now,
                issued.getNotAfter().toInstant());
        return issued;
    }

    private static PublicKey key(byte[] publicKey) throws JoinRefused {
        return Issuance.nodeKey(publicKey)
                .orElseThrow(() ->
                        new JoinRefused("the public key (expected: ECDSA on P-256, SubjectPublicKeyInfo in DER)"));
    }

    private static UUID id(String text) throws JoinRefused {
        try {
            return UUID.fromString(text);
        } catch (IllegalArgumentException e) {
            throw new JoinRefused("the join token is malformed (expected: the token as it was issued)");
        }
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MILLIS);
    }
}
