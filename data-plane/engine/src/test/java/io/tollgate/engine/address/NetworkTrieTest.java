package io.tollgate.engine.address;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Seed;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class NetworkTrieTest {
    @Test
    void find_nestedNetworks_isTheSmallest() {
        NetworkTrie trie = trie("10.0.0.0/8", "10.1.0.0/16", "10.1.2.3", "2001:db8::/32", "::/0");
        assertThat(trie.find(address("10.2.0.1"))).isEqualTo(network("10.0.0.0/8"));
        assertThat(trie.find(address("10.1.255.1"))).isEqualTo(network("10.1.0.0/16"));
        assertThat(trie.find(address("10.1.2.3"))).isEqualTo(network("10.1.2.3/32"));
        assertThat(trie.find(address("11.0.0.1"))).isNull();
        assertThat(trie.find(address("2001:db8::1"))).isEqualTo(network("2001:db8::/32"));
        assertThat(trie.find(address("2001:db9::1"))).isEqualTo(network("::/0"));
    }

    @Test
    void contains_unknownAddress_isFalseAlsoWhereAllAreTaken() {
        NetworkTrie trie = trie("0.0.0.0/0", "::/0");
        assertThat(trie.contains(new byte[0])).isFalse();
        assertThat(trie.contains(address("192.0.2.1"))).isTrue();
        assertThat(trie("0.0.0.0/0").contains(address("::1"))).isFalse();
        assertThat(trie("::/0").contains(address("192.0.2.1"))).isFalse();
        assertThat(trie().contains(address("192.0.2.1"))).isFalse();
    }

    @Test
    void find_randomNetworks_isWhatAScanOfAllFinds() {
        Random random = Seed.random(NetworkTrieTest.class);
        for (int run = 0; run < 300; run++) {
            List<Network> networks = new ArrayList<>();
            int count = random.nextInt(40);
            for (int i = 0; i < count; i++) {
                networks.add(network(random));
            }
            NetworkTrie trie = NetworkTrie.of(networks);
            for (int i = 0; i < 200; i++) {
                byte[] address = near(networks, random);
                Network expected = networks.stream()
                        .filter(network -> network.contains(address))
                        .max(Comparator.comparingInt(Network::prefixBits))
                        .orElse(null);
                assertThat(trie.find(address)).isEqualTo(expected);
            }
        }
    }

    /** A random address, mostly one that shares its beginning with a network: most others are in none. */
    private static byte[] near(List<Network> networks, Random random) {
        byte[] address = new byte[random.nextBoolean() ? 4 : 16];
        random.nextBytes(address);
        if (networks.isEmpty() || random.nextInt(10) == 0) {
            return address;
        }
        Network network = networks.get(random.nextInt(networks.size()));
        byte[] inside = new byte[network.isV4() ? 4 : 16];
        random.nextBytes(inside);
        int bits = Math.max(0, network.prefixBits() - random.nextInt(3));
        for (int bit = 0; bit < bits; bit++) {
            long word = bit < 64 ? network.high() : network.low();
            boolean set = (word >>> (63 - bit % 64) & 1) != 0;
            int mask = 0x80 >> bit % 8;
            inside[bit / 8] = (byte) (set ? inside[bit / 8] | mask : inside[bit / 8] & ~mask);
        }
        return inside;
    }

    private static Network network(Random random) {
        // Few different beginnings, so that networks are in each other and part late.
        if (random.nextBoolean()) {
            int bits = random.nextInt(33);
            int address =
                    (10 << 24 | random.nextInt(4) << 16 | random.nextInt(256)) & (bits == 0 ? 0 : -1 << (32 - bits));
            return network((address >>> 24) + "." + (address >>> 16 & 255) + "." + (address >>> 8 & 255) + "."
                    + (address & 255) + "/" + bits);
        }
        int words = 1 + random.nextInt(8);
        StringBuilder text = new StringBuilder("2001");
        for (int i = 1; i < words; i++) {
            text.append(':').append(Integer.toHexString(1 + random.nextInt(2)));
        }
        return network(text.append(words == 8 ? "" : "::")
                .append('/')
                .append(words * 16)
                .toString());
    }

    private static NetworkTrie trie(String... networks) {
        return NetworkTrie.of(
                List.of(networks).stream().map(NetworkTrieTest::network).toList());
    }

    private static Network network(String text) {
        return Objects.requireNonNull(Network.parse(text), text);
    }

    private static byte[] address(String text) {
        return Objects.requireNonNull(IpAddress.parse(text), text);
    }
}
