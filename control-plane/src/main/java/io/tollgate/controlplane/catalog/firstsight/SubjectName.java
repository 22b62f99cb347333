package io.tollgate.controlplane.catalog.firstsight;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;
import java.util.UUID;
import java.util.function.Predicate;

/** Names of consumers that are made of subjects: the issuer's name, a dot, and what can be kept of the subject. Immutable functions. */
final class SubjectName {
    private static final int ISSUER_CHARACTERS_MAX = 24;
    /** A name has 63 characters at most. */
    private static final int SUBJECT_CHARACTERS_MAX = 21;

    private static final int DIGEST_BYTES = 8;

    private SubjectName() {}

    /**
     * A name that is free: the subject's own where all of it can be kept, otherwise with a digest, and another one for as long as somebody
     * has it already.
     */
    static String free(String issuer, UUID issuerId, String subject, Predicate<String> isTaken) {
        String kept = kept(subject);
        String name = prefix(issuer) + kept;
        for (int attempt = 0; !kept.equals(subject) || isTaken.test(name); attempt++) {
            name = prefix(issuer) + (kept.isEmpty() ? "" : kept + "-") + digest(issuerId, subject, attempt);
            if (!isTaken.test(name)) {
                return name;
            }
        }
        return name;
    }

    private static String prefix(String issuer) {
        return kept(issuer, ISSUER_CHARACTERS_MAX) + ".";
    }

    private static String kept(String subject) {
        return kept(subject, SUBJECT_CHARACTERS_MAX);
    }

    /** Letters, digits and ._- of a text, in lower case; the others as dashes. It begins and ends with a letter or a digit. */
    private static String kept(String text, int charactersMax) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        String cut = plain.length() > charactersMax ? plain.substring(0, charactersMax) : plain;
        return cut.replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    }

    /** The id of the issuer is nobody's to choose, so that no subject can be made up that has the name of another. */
    private static String digest(UUID issuerId, String subject, int attempt) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256")
                    .digest((issuerId + " " + attempt + " " + subject).getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
