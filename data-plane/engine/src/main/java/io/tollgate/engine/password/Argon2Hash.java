package io.tollgate.engine.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;
import org.jspecify.annotations.Nullable;

/** Argon2id (RFC 9106) in the PHC string format. Immutable; the arrays are not to be written to. */
record Argon2Hash(PasswordCost.Argon2 cost, byte[] salt, byte[] digest) implements PasswordHash {
    private static final int SALT_BYTES = 16;
    private static final int SALT_BYTES_MIN = 8;
    private static final int SALT_BYTES_MAX = 64;
    private static final Pattern FORM =
            Pattern.compile("\\$argon2id\\$v=19\\$m=([1-9][0-9]{0,6}),t=([1-9][0-9]{0,3}),p=([1-9][0-9]{0,2})"
                    + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

    static @Nullable Argon2Hash parse(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            return null;
        }
        byte[] salt = decoded(form.group(4));
        byte[] digest = decoded(form.group(5));
        if (salt == null || digest == null || salt.length < SALT_BYTES_MIN || salt.length > SALT_BYTES_MAX) {
            return null;
        }
        PasswordCost.Argon2 cost = new PasswordCost.Argon2(
                Integer.parseInt(form.group(1)),
                Integer.parseInt(form.group(2)),
                Integer.parseInt(form.group(3)),
                digest.length);
        return cost.isBearable() ? new Argon2Hash(cost, salt, digest) : null;
    }

    private static byte @Nullable [] decoded(String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException none) {
            return null;
        }
    }

    static Argon2Hash of(String password, PasswordCost.Argon2 cost, SecureRandom random) {
        byte[] salt = new byte[SALT_BYTES];
        random.nextBytes(salt);
        return new Argon2Hash(cost, salt, compute(password, cost, salt));
    }

    private static byte[] compute(String password, PasswordCost.Argon2 cost, byte[] salt) {
        Argon2BytesGenerator generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(cost.memoryKib())
                .withIterations(cost.passes())
                .withParallelism(cost.lanes())
                .withSalt(salt)
                .build());
        byte[] out = new byte[cost.digestBytes()];
        generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), out);
        return out;
    }

    @Override
    public boolean matches(String password) {
        return MessageDigest.isEqual(compute(password, cost, salt), digest);
    }

    @Override
    public String text() {
        Base64.Encoder encoder = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + cost.memoryKib() + ",t=" + cost.passes() + ",p=" + cost.lanes() + '$'
                + encoder.encodeToString(salt) + '$' + encoder.encodeToString(digest);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Argon2Hash hash
                && cost.equals(hash.cost)
                && Arrays.equals(salt, hash.salt)
                && Arrays.equals(digest, hash.digest);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(digest);
    }

    @Override
    public String toString() {
        return "Argon2Hash[" + cost + "]";
    }
}
