package io.tollgate.engine.password;

import java.util.Arrays;
import java.util.Comparator;

/** What a digest of a password costs whoever computes it; of the same cost are those that take the same time. Immutable. */
public sealed interface PasswordCost {
    /** What digests made here cost: the first of the recommendations for argon2id with little memory (RFC 9106, 4, and OWASP). */
    PasswordCost USUAL = new Argon2(19_456, 2, 1, 32);

    /** An order of all costs: argon2id before bcrypt, each by its settings. */
    Comparator<PasswordCost> ORDER = Comparator.comparing(PasswordCost::settings, Arrays::compare);

    /** What tells it from all others: the kind first. */
    int[] settings();

    /** A digest that no password has; telling that takes the time of all others of this cost. */
    PasswordHash decoy();

    /**
     * Argon2id, version 19 (RFC 9106).
     *
     * @param memoryKib KiB
     * @param passes over the memory
     * @param lanes that could be computed at once
     * @param digestBytes length of the digest
     */
    record Argon2(int memoryKib, int passes, int lanes, int digestBytes) implements PasswordCost {
        /** Memory of one check; two are made at once. */
        public static final int MEMORY_KIB_MAX = 65_536;

        public static final int PASSES_MAX = 10;
        public static final int LANES_MAX = 8;

        /** Whether a node can bear it. */
        boolean isBearable() {
            return memoryKib >= 8 * lanes
                    && memoryKib <= MEMORY_KIB_MAX
                    && passes >= 1
                    && passes <= PASSES_MAX
                    && lanes >= 1
                    && lanes <= LANES_MAX
                    && digestBytes >= 16
                    && digestBytes <= 64;
        }

        @Override
        public int[] settings() {
            return new int[] {0, memoryKib, passes, lanes, digestBytes};
        }

        @Override
        public PasswordHash decoy() {
            return new Argon2Hash(this, new byte[16], new byte[digestBytes]);
        }
    }

    /**
     * Bcrypt.
     *
     * @param rounds two to the power of this many
     */
    record Bcrypt(int rounds) implements PasswordCost {
        public static final int ROUNDS_MIN = 4;
        /** One check then takes about half a second. */
        public static final int ROUNDS_MAX = 13;

        @Override
        public int[] settings() {
            return new int[] {1, rounds};
        }

        @Override
        public PasswordHash decoy() {
            String cost = rounds < 10 ? "0" + rounds : Integer.toString(rounds);
            return new BcryptHash(this, "$2b$" + cost + "$" + ".".repeat(53));
        }
    }
}
