package io.tollgate.controlplane.admin.token;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.tollgate.controlplane.EmbeddedPostgresResource;
import jakarta.inject.Inject;
import jakarta.persistence.EntityManager;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(EmbeddedPostgresResource.class)
class IssuerKeysTest {
    @Inject
    IssuerKeys keys;

    @Inject
    EntityManager entities;

    @Test
    void onStart_keyThatStoodInTheClear_isSealedAndSignsNoMore() throws Exception {
        List<UUID> before = keys.current().stream().map(IssuerKeyEntity::id).toList();
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        KeyPair pair = generator.generateKeyPair();
        UUID old = UUID.randomUUID();
        QuarkusTransaction.requiringNew().run(() -> {
            // It is the only one that signs, as after an upgrade.
            entities.createNativeQuery(
                            "update issuer_key set retired_at = now() + interval '1 hour' where retired_at is null")
                    .executeUpdate();
            entities.createNativeQuery("insert into issuer_key (id, algorithm, private_key, public_key, created_at)"
                            + " values (:id, 'ES256', :private, :public, now())")
                    .setParameter("id", old)
                    .setParameter("private", pair.getPrivate().getEncoded())
                    .setParameter("public", pair.getPublic().getEncoded())
                    .executeUpdate();
        });
        try {
            Instant started = Instant.now();
            keys.onStart(new StartupEvent());
            List<IssuerKeyEntity> current = keys.current();
            IssuerKeyEntity signing = current.get(0);
            assertThat(signing.id()).isNotEqualTo(old).isNotIn(before);
            assertThat(signing.isSealed()).isTrue();
            assertThat(signing.retiredAt()).isNull();
            IssuerKeyEntity retired = current.stream()
                    .filter(key -> key.id().equals(old))
                    .findFirst()
                    .orElseThrow();
            assertThat(retired.isSealed()).isTrue();
            assertThat(retired.privateKey()).isNotEqualTo(pair.getPrivate().getEncoded());
            assertThat(keys.privateKey(retired)).isEqualTo(pair.getPrivate());
            assertThat(Objects.requireNonNull(retired.retiredAt()))
                    .isBetween(
                            started.plus(TokenIssuer.LIFETIME_MAX).minus(Duration.ofMinutes(1)),
                            Instant.now().plus(TokenIssuer.LIFETIME_MAX).plus(Duration.ofMinutes(1)));
            keys.onStart(new StartupEvent());
            assertThat(keys.current().get(0).id()).isEqualTo(signing.id());
        } finally {
            QuarkusTransaction.requiringNew().run(() -> {
                entities.createNativeQuery("delete from issuer_key where id not in (:before)")
                        .setParameter("before", before)
                        .executeUpdate();
                entities.createNativeQuery("update issuer_key set retired_at = null")
                        .executeUpdate();
            });
        }
    }
}
