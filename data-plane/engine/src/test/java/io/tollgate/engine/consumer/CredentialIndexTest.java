package io.tollgate.engine.consumer;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CredentialIndexTest {
    private static final Consumer CONSUMER =
            new Consumer(new Identity("c", "c", 0, 0), true, List.of(), List.of(), Consumer.Overrides.NONE);

    @Test
    void with_randomChanges_agreesWithHashMap() {
        Random random = Seed.random(CredentialIndexTest.class);
        Map<ByteBuffer, Credential> model = new HashMap<>();
        List<byte[]> known = new ArrayList<>();
        CredentialIndex index = CredentialIndex.EMPTY;
        for (int round = 0; round < 60; round++) {
            List<byte[]> removed = new ArrayList<>();
            List<CredentialIndex.Entry> put = new ArrayList<>();
            int removals = known.isEmpty() ? 0 : random.nextInt(round % 20 == 19 ? known.size() : 20);
            for (int i = 0; i < removals; i++) {
                byte[] digest = known.get(random.nextInt(known.size()));
                removed.add(digest);
            }
            for (int i = 0; i < random.nextInt(round % 10 == 5 ? 4_000 : 50); i++) {
                boolean again = !known.isEmpty() && random.nextInt(5) == 0;
                byte[] digest = again ? known.get(random.nextInt(known.size())) : digest(random);
                put.add(new CredentialIndex.Entry(digest, credential("k" + round + "-" + i)));
                known.add(digest);
            }
            removed.forEach(digest -> model.remove(ByteBuffer.wrap(digest)));
            put.forEach(entry -> model.put(ByteBuffer.wrap(entry.digest()), entry.credential()));
            index = index.with(removed, put);
            assertThat(index.size()).as("round %d", round).isEqualTo(model.size());
            for (byte[] digest : known) {
                assertThat(index.find(digest)).isSameAs(model.get(ByteBuffer.wrap(digest)));
            }
            for (int i = 0; i < 100; i++) {
                assertThat(index.find(digest(random))).isNull();
            }
        }
    }

    @Test
    void find_digestsThatDifferInOneWord_areToldApart() {
        byte[] digest = new byte[32];
        List<CredentialIndex.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 32; i++) {
            byte[] other = digest.clone();
            other[i] = 1;
            entries.add(new CredentialIndex.Entry(other, credential("k" + i)));
        }
        CredentialIndex index = CredentialIndex.EMPTY.with(List.of(), entries);
        assertThat(index.find(digest)).isNull();
        entries.forEach(entry -> assertThat(index.find(entry.digest())).isSameAs(entry.credential()));
    }

    @Test
    void find_manyWithEqualLowBits_terminates() {
        // No keyed hash does this; the index must be right all the same.
        List<CredentialIndex.Entry> entries = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            byte[] digest = new byte[32];
            ByteBuffer.wrap(digest).putInt(28, i);
            entries.add(new CredentialIndex.Entry(digest, credential("k" + i)));
        }
        CredentialIndex index = CredentialIndex.EMPTY.with(List.of(), entries);
        entries.forEach(entry -> assertThat(index.find(entry.digest())).isSameAs(entry.credential()));
        CredentialIndex less = index.with(List.of(entries.get(3).digest()), List.of());
        assertThat(less.size()).isEqualTo(499);
        assertThat(less.find(entries.get(3).digest())).isNull();
        assertThat(less.find(entries.get(499).digest())).isNotNull();
    }

    private static byte[] digest(Random random) {
        byte[] digest = new byte[32];
        random.nextBytes(digest);
        return digest;
    }

    private static Credential credential(String id) {
        return new Credential(id, CredentialType.KEY, CONSUMER, Long.MAX_VALUE, false, Terms.LIVE, 0, 0);
    }
}
