package io.tollgate.controlplane.join;

import io.agroal.api.AgroalDataSource;
import io.quarkus.agroal.DataSource;
import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.FirstRevision;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.PublicKey;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.security.spec.PKCS8EncodedKeySpec;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The authority of the streams: one per database, made by the first control plane that starts, its key sealed by the envelope key. Shared;
 * immutable once started.
 */
@ApplicationScoped
public class StreamAuthority {
    /** After the database was tied to its envelope key, before anybody listens. */
    static final int STARTUP_PRIORITY = FirstRevision.STARTUP_PRIORITY + 2;

    private final AgroalDataSource database;
    private final EnvelopeKey envelope;
    private final Clock clock;
    private volatile Issuance.@Nullable Signer signer;

    StreamAuthority(@DataSource("stream") AgroalDataSource database, EnvelopeKey envelope, Clock clock) {
        this.database = database;
        this.envelope = envelope;
        this.clock = clock;
    }

    void onStart(@Observes @Priority(STARTUP_PRIORITY) StartupEvent event)
            throws SQLException, GeneralSecurityException {
        try (Connection connection = database.getConnection()) {
            makeIfAbsent(connection);
            signer = read(connection);
        }
    }

    /** When two control planes start at once, the authority of one of them stays. */
    private void makeIfAbsent(Connection connection) throws SQLException, GeneralSecurityException {
        UUID id = UUID.randomUUID();
        Instant now = clock.instant();
        KeyPair key = Issuance.newKey();
        try (PreparedStatement insert = connection.prepareStatement(
                "insert into stream_authority (id, certificate, private_key, envelope_key_id, created_at)"
                        + " select ?, ?, ?, ?, ? where not exists (select from stream_authority) on conflict do nothing")) {
            insert.setObject(1, id);
            insert.setBytes(2, Issuance.authority(key, now).getEncoded());
            insert.setBytes(3, envelope.seal(id, key.getPrivate().getEncoded()));
            insert.setString(4, envelope.id());
            insert.setObject(5, now.atOffset(ZoneOffset.UTC));
            insert.executeUpdate();
        }
    }

    private Issuance.Signer read(Connection connection) throws SQLException, GeneralSecurityException {
        try (PreparedStatement query =
                        connection.prepareStatement("select id, certificate, private_key from stream_authority");
                ResultSet row = query.executeQuery()) {
            if (!row.next()) {
                throw new SQLException("the row of stream_authority is missing");
            }
            byte[] key = envelope.open(row.getObject("id", UUID.class), row.getBytes("private_key"));
            return new Issuance.Signer(
                    Issuance.read(row.getBytes("certificate")),
                    KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(key)));
        }
    }

    private Issuance.Signer started() {
        Issuance.Signer known = signer;
        if (known == null) {
            throw new IllegalStateException("not started");
        }
        return known;
    }

    public X509Certificate certificate() {
        return started().certificate();
    }

    /** SHA-256 of the authority's certificate, in hexadecimal: by it a node that joins knows whom to believe. */
    String fingerprint() {
        try {
            return HexFormat.of().formatHex(Issuance.sha256(certificate().getEncoded()));
        } catch (CertificateEncodingException e) {
            throw new IllegalStateException("what was read can be written", e);
        }
    }

    X509Certificate issueToNode(String nodeId, PublicKey key, Instant now, Duration lifetime) {
        return Issuance.node(started(), nodeId, key, now, lifetime);
    }

    /**
     * A key with a certificate for a control plane that nodes dial by one of {@code names}.
     *
     * @param names host names and IP addresses
     */
    public ServerIdentity issueToServer(List<String> names, Duration lifetime) {
        KeyPair key = Issuance.newKey();
        Issuance.Signer by = started();
        X509Certificate own = Issuance.server(by, names, key.getPublic(), clock.instant(), lifetime);
        return new ServerIdentity(key.getPrivate(), List.of(own, by.certificate()));
    }
}
