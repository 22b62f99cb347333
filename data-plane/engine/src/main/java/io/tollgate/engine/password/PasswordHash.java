package io.tollgate.engine.password;

import io.tollgate.engine.consumer.CredentialVerifier;
import java.security.SecureRandom;
import java.text.Normalizer;
import org.jspecify.annotations.Nullable;

/**
 * What is kept of a password: a digest, its salt and what it costs. Immutable. Its text betrays nobody's password, but lets whoever has it
 * guess: it is a secret.
 */
public sealed interface PasswordHash extends CredentialVerifier permits Argon2Hash, BcryptHash {
    /** What {@link #parse} takes. */
    String EXPECTED = "argon2id as $argon2id$v=19$m=...,t=...,p=...$salt$digest (at most "
            + PasswordCost.Argon2.MEMORY_KIB_MAX
            + " KiB, " + PasswordCost.Argon2.PASSES_MAX + " passes, " + PasswordCost.Argon2.LANES_MAX
            + " lanes), or bcrypt as $2a$, $2b$ or $2y$ with a cost of " + PasswordCost.Bcrypt.ROUNDS_MIN + " to "
            + PasswordCost.Bcrypt.ROUNDS_MAX;

    /** A digest as text: argon2id in the form of PHC strings, bcrypt in its own; null when it is none, or costs too much. */
    static @Nullable PasswordHash parse(String text) {
        return text.startsWith(BcryptHash.START) ? BcryptHash.parse(text) : Argon2Hash.parse(text);
    }

    /** A new digest of a password, argon2id. Takes tens of milliseconds. */
    static PasswordHash of(String password, SecureRandom random) {
        return Argon2Hash.of(password, (PasswordCost.Argon2) PasswordCost.USUAL, random);
    }

    /** A user name or password in the form in which it is compared (RFC 8265, 4.2): the same however a keyboard composes it. */
    static String normal(String text) {
        return Normalizer.normalize(text, Normalizer.Form.NFC);
    }

    /** Whether this is the password. Takes what {@link #cost} says, whatever the answer. */
    boolean matches(String password);

    PasswordCost cost();

    /** What {@link #parse} reads. */
    String text();
}
