package io.tollgate.engine.password;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * A user name and a password as the scheme Basic presents them (RFC 7617, 2), each in {@link PasswordHash#normal normal form}. Immutable.
 *
 * @param userName without colons and control characters; not empty
 * @param password without control characters; not empty
 */
public record BasicPair(String userName, String password) {
    /** Bytes of a user name. */
    public static final int USER_NAME_BYTES_MAX = 256;
    /** Bytes of a password: who wants more of them has a key. */
    public static final int PASSWORD_BYTES_MAX = 1_024;
    /** Characters of what is presented. */
    public static final int TEXT_CHARACTERS_MAX = (USER_NAME_BYTES_MAX + 1 + PASSWORD_BYTES_MAX + 2) / 3 * 4;

    /** Reads what stands behind the name of the scheme; null when it is no such pair in UTF-8. */
    public static @Nullable BasicPair parse(String text) {
        if (text.length() > TEXT_CHARACTERS_MAX) {
            return null;
        }
        String pair;
        try {
            pair = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(Base64.getDecoder().decode(text)))
                    .toString();
        } catch (IllegalArgumentException | CharacterCodingException none) {
            return null;
        }
        int colon = pair.indexOf(':');
        if (colon < 1 || colon == pair.length() - 1 || pair.chars().anyMatch(Character::isISOControl)) {
            return null;
        }
        return new BasicPair(
                PasswordHash.normal(pair.substring(0, colon)), PasswordHash.normal(pair.substring(colon + 1)));
    }

    /** Whether this can be a user name. */
    public static boolean isUserName(String text) {
        return !text.isEmpty()
                && text.indexOf(':') < 0
                && text.getBytes(StandardCharsets.UTF_8).length <= USER_NAME_BYTES_MAX
                && text.chars().noneMatch(Character::isISOControl);
    }

    /** The same for each way in which the pair can be written, and for no other pair: UTF-8, with a colon between the two. */
    public byte[] bytes() {
        return (userName + ':' + password).getBytes(StandardCharsets.UTF_8);
    }

    /** Hides the password. */
    @Override
    public String toString() {
        return "BasicPair[" + userName + "]";
    }
}
