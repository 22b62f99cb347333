package io.tollgate.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RevokedTest {
    private static Credential credential(UUID id, Consumer consumer) {
        return new Credential(
                id.toString(),
                CredentialType.KEY,
                consumer,
                Long.MAX_VALUE,
                false,
                Terms.LIVE,
                id.getMostSignificantBits(),
                id.getLeastSignificantBits());
    }

    private static Consumer consumer(UUID id) {
        return new Consumer(Identity.of(id.toString(), "c"), true, List.of(), List.of(), Consumer.Overrides.NONE);
    }

    @Test
    void holds_randomIds_agreesWithASet() {
        Random random = Seed.random(RevokedTest.class);
        for (int round = 0; round < 200; round++) {
            Set<UUID> model = new HashSet<>();
            for (int i = 0; i < round; i++) {
                // Few high halves, so that the low ones decide too.
                model.add(new UUID(random.nextInt(4) - 2, random.nextInt(40) - 20));
            }
            Revoked revoked = Revoked.of(model);
            assertThat(revoked.isEmpty()).isEqualTo(model.isEmpty());
            for (int i = 0; i < 100; i++) {
                UUID id = new UUID(random.nextInt(4) - 2, random.nextInt(40) - 20);
                Consumer consumer = consumer(id);
                assertThat(revoked.holds(consumer)).isEqualTo(model.contains(id));
                assertThat(revoked.holds(credential(id, consumer))).isEqualTo(model.contains(id));
            }
        }
    }
}
