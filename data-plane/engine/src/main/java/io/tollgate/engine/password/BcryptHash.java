package io.tollgate.engine.password;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.OpenBSDBCrypt;
import org.jspecify.annotations.Nullable;

/**
 * Bcrypt in its modular form, as other systems keep it. As everywhere, it looks at the first 72 bytes of a password only. Immutable.
 */
record BcryptHash(PasswordCost.Bcrypt cost, String text) implements PasswordHash {
    /** What a bcrypt digest begins with. */
    static final String START = "$2";

    private static final Pattern FORM = Pattern.compile("\\$2[aby]\\$[0-9]{2}\\$[./A-Za-z0-9]{53}");
    private static final int ROUNDS_AT = 4;

    static @Nullable BcryptHash parse(String text) {
        if (!FORM.matcher(text).matches()) {
            return null;
        }
        int rounds = Integer.parseInt(text.substring(ROUNDS_AT, ROUNDS_AT + 2));
        return rounds < PasswordCost.Bcrypt.ROUNDS_MIN || rounds > PasswordCost.Bcrypt.ROUNDS_MAX
                ? null
                : new BcryptHash(new PasswordCost.Bcrypt(rounds), text);
    }

    @Override
    public boolean matches(String password) {
        return OpenBSDBCrypt.checkPassword(text, password.getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public String toString() {
        return "BcryptHash[" + cost + "]";
    }
}
