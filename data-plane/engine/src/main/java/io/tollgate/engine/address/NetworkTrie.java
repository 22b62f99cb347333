package io.tollgate.engine.address;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Finds the smallest of many networks that an address is in. Immutable; no allocation when asked.
 *
 * <p>Implementation note. A path-compressed binary trie (Morrison, PATRICIA, 1968) of each family: a node is a prefix, its children
 * are longer prefixes that begin with it and differ in the bit behind it. A node is either one of the networks or where two of them
 * part, so there are less than twice as many nodes as networks. Addresses are two longs, those of IPv4 in the upper half of the
 * first. Going down, each node whose prefix the address has is passed and the last network among them is the longest; the walk ends
 * where a prefix is not met. Cost: at most one step per bit, and in practice the logarithm of the number of networks.
 */
public final class NetworkTrie {
    private static final int NONE = -1;
    private static final int V4_BYTES = 4;
    private static final int V6_BYTES = 16;

    private final List<Network> networks;
    private final List<Node> building = new ArrayList<>();
    private final long[] high;
    private final long[] low;
    private final int[] bits;
    private final int[] zero;
    private final int[] one;
    private final int[] network;
    private final int v4;
    private final int v6;

    private NetworkTrie(List<Network> networks) {
        this.networks = List.copyOf(networks);
        int rootV4 = NONE;
        int rootV6 = NONE;
        for (int i = 0; i < networks.size(); i++) {
            Network added = networks.get(i);
            Node node = new Node(added.high(), added.low(), added.prefixBits(), i);
            if (added.isV4()) {
                rootV4 = insert(rootV4, node);
            } else {
                rootV6 = insert(rootV6, node);
            }
        }
        v4 = rootV4;
        v6 = rootV6;
        int size = building.size();
        high = new long[size];
        low = new long[size];
        bits = new int[size];
        zero = new int[size];
        one = new int[size];
        network = new int[size];
        for (int i = 0; i < size; i++) {
            Node node = building.get(i);
            high[i] = node.high;
            low[i] = node.low;
            bits[i] = node.bits;
            zero[i] = node.zero;
            one[i] = node.one;
            network[i] = node.network;
        }
        building.clear();
    }

    /** A trie of these networks; one that is there twice is found as the first. */
    public static NetworkTrie of(List<Network> networks) {
        return new NetworkTrie(networks);
    }

    public boolean isEmpty() {
        return networks.isEmpty();
    }

    /** Whether an address of 4 or 16 bytes is in one of them; an empty one, which is not known, is in none. */
    public boolean contains(byte[] address) {
        return indexOf(address) != NONE;
    }

    /** The smallest network that an address is in; null when it is in none. */
    public @Nullable Network find(byte[] address) {
        int index = indexOf(address);
        return index == NONE ? null : networks.get(index);
    }

    private int indexOf(byte[] address) {
        int node;
        int length;
        if (address.length == V4_BYTES) {
            node = v4;
            length = V4_BYTES * 8;
        } else if (address.length == V6_BYTES) {
            node = v6;
            length = V6_BYTES * 8;
        } else {
            return NONE;
        }
        long h = Network.high(address);
        long l = Network.low(address);
        int found = NONE;
        while (node != NONE && agrees(h, l, high[node], low[node], bits[node])) {
            if (network[node] != NONE) {
                found = network[node];
            }
            if (bits[node] == length) {
                break;
            }
            node = bit(h, l, bits[node]) ? one[node] : zero[node];
        }
        return found;
    }

    /** Puts a node under another and returns who stands there now. */
    private int insert(int at, Node node) {
        if (at == NONE) {
            building.add(node);
            return building.size() - 1;
        }
        Node there = building.get(at);
        int common = Math.min(common(there, node), Math.min(there.bits, node.bits));
        if (common == there.bits && common == node.bits) {
            if (there.network == NONE) {
                there.network = node.network;
            }
            return at;
        }
        if (common == there.bits) {
            if (bit(node.high, node.low, common)) {
                there.one = insert(there.one, node);
            } else {
                there.zero = insert(there.zero, node);
            }
            return at;
        }
        // The new one is above, or both part at a prefix that neither of them is.
        Node above = common == node.bits
                ? node
                : new Node(node.high & mask(common), node.low & mask(common - Long.SIZE), common, NONE);
        building.add(above);
        int index = building.size() - 1;
        int other = NONE;
        if (common != node.bits) {
            building.add(node);
            other = building.size() - 1;
        }
        if (bit(there.high, there.low, common)) {
            above.one = at;
            above.zero = other;
        } else {
            above.zero = at;
            above.one = other;
        }
        return index;
    }

    private static int common(Node node, Node other) {
        long differing = node.high ^ other.high;
        return differing != 0
                ? Long.numberOfLeadingZeros(differing)
                : Long.SIZE + Long.numberOfLeadingZeros(node.low ^ other.low);
    }

    private static boolean agrees(long high, long low, long prefixHigh, long prefixLow, int bits) {
        return ((high ^ prefixHigh) & mask(bits)) == 0 && ((low ^ prefixLow) & mask(bits - Long.SIZE)) == 0;
    }

    /** The first so many bits of a long. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
    }

    private static boolean bit(long high, long low, int index) {
        return (index < Long.SIZE ? high << index : low << (index - Long.SIZE)) < 0;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof NetworkTrie trie && networks.equals(trie.networks);
    }

    @Override
    public int hashCode() {
        return networks.hashCode();
    }

    /** Compile thread only. */
    private static final class Node {
        private final long high;
        private final long low;
        private final int bits;
        private int network;
        private int zero = NONE;
        private int one = NONE;

        private Node(long high, long low, int bits, int network) {
            this.high = high;
            this.low = low;
            this.bits = bits;
            this.network = network;
        }
    }
}
