package io.tollgate.controlplane.admin.token;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.tollgate.controlplane.catalog.envelope.EnvelopeKey;
import io.tollgate.controlplane.catalog.revision.FirstRevision;
import io.tollgate.controlplane.catalog.revision.RevisionCounter;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;

/**
 * Key pairs of the own issuer, kept in the database so that all control planes sign and verify alike; private keys are sealed by the
 * envelope key. Shared; worker threads only.
 */
@ApplicationScoped
public class IssuerKeys {
    private static final String KEY_TYPE = "EC";
    private static final String CURVE = "secp256r1";
    static final String ALGORITHM = "ES256";

    /** After the database was tied to its envelope key. */
    static final int STARTUP_PRIORITY = FirstRevision.STARTUP_PRIORITY + 2;

    private static final Logger LOG = Logger.getLogger(IssuerKeys.class);

    private final EntityManager entities;
    private final EnvelopeKey envelope;
    private final Clock clock;

    IssuerKeys(EntityManager entities, EnvelopeKey envelope, Clock clock) {
        this.entities = entities;
        this.envelope = envelope;
        this.clock = clock;
    }

    /**
     * Seals what an earlier version left as it was, and has another key sign from now on: whoever has read the database before could sign
     * with that one. It verifies until all that it has signed is over. Of several control planes that start, one does.
     */
    void onStart(@Observes @Priority(STARTUP_PRIORITY) StartupEvent event) {
        QuarkusTransaction.requiringNew().run(() -> {
            entities.find(RevisionCounter.class, true, LockModeType.PESSIMISTIC_WRITE);
            for (IssuerKeyEntity key : entities.createQuery(
                            "from IssuerKeyEntity where envelopeKeyId is null", IssuerKeyEntity.class)
                    .getResultList()) {
                key.seal(envelope.seal(key.id(), key.privateKey()), envelope.id());
                if (key.retiredAt() == null) {
                    key.retire(clock.instant().plus(TokenIssuer.LIFETIME_MAX));
                    LOG.warnf("event=issuer-key-retired id=%s verifies_until=%s", key.id(), key.retiredAt());
                }
            }
        });
    }

    /** The keys that verify, the one that signs first; makes it when there is none. */
    List<IssuerKeyEntity> current() {
        return QuarkusTransaction.requiringNew().call(() -> {
            List<IssuerKeyEntity> keys = verifying();
            if (noneSigns(keys)) {
                // Whoever comes second finds the key of the first.
                entities.find(RevisionCounter.class, true, LockModeType.PESSIMISTIC_WRITE);
                keys = verifying();
                if (noneSigns(keys)) {
                    make();
                    keys = verifying();
                }
            }
            return keys;
        });
    }

    private static boolean noneSigns(List<IssuerKeyEntity> keys) {
        return keys.isEmpty() || keys.get(0).retiredAt() != null;
    }

    private List<IssuerKeyEntity> verifying() {
        return entities.createQuery(
                        "from IssuerKeyEntity where retiredAt is null or retiredAt > :now"
                                + " order by case when retiredAt is null then 0 else 1 end, createdAt desc, id",
                        IssuerKeyEntity.class)
                .setParameter("now", clock.instant())
                .getResultList();
    }

    private void make() {
        try {
            KeyPairGenerator generator = KeyPairGenerator.getInstance(KEY_TYPE);
            generator.initialize(new ECGenParameterSpec(CURVE));
            KeyPair pair = generator.generateKeyPair();
            IssuerKeyEntity key = new IssuerKeyEntity(
                    UUID.randomUUID(), ALGORITHM, pair.getPublic().getEncoded(), clock.instant());
            key.seal(envelope.seal(key.id(), pair.getPrivate().getEncoded()), envelope.id());
            entities.persist(key);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK makes no keys on " + CURVE, e);
        }
    }

    PrivateKey privateKey(IssuerKeyEntity key) {
        if (!key.isSealed()) {
            throw new IllegalStateException("issuer key " + key.id() + " is not sealed");
        }
        try {
            return KeyFactory.getInstance(KEY_TYPE)
                    .generatePrivate(new PKCS8EncodedKeySpec(envelope.open(key.id(), key.privateKey())));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("issuer key " + key.id() + " cannot be read", e);
        }
    }

    static PublicKey publicKey(IssuerKeyEntity key) {
        try {
            return KeyFactory.getInstance(KEY_TYPE).generatePublic(new X509EncodedKeySpec(key.publicKey()));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("issuer key " + key.id() + " cannot be read", e);
        }
    }
}
