package io.tollgate.controlplane.catalog.firstsight;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Locale;

/** Names of consumers that are made of subjects: the issuer's name, a dot, and what can be kept of the subject. Immutable functions. */
final class SubjectName {
    private static final int ISSUER_CHARACTERS_MAX = 24;
    private static final int SUBJECT_CHARACTERS_MAX = 28;
    private static final int DIGEST_BYTES = 4;

    private SubjectName() {}

    /** A name that is the subject's own where all of it can be kept; otherwise the one of {@link #unique}. */
    static String of(String issuer, String subject) {
        String kept = kept(subject, SUBJECT_CHARACTERS_MAX);
        return kept.equals(subject) ? kept(issuer, ISSUER_CHARACTERS_MAX) + "." + kept : unique(issuer, subject);
    }

    /** A name that no other subject of the issuer has, but by an accident that never happens. */
    static String unique(String issuer, String subject) {
        String kept = kept(subject, SUBJECT_CHARACTERS_MAX);
        return kept(issuer, ISSUER_CHARACTERS_MAX) + "." + (kept.isEmpty() ? "" : kept + "-") + digest(subject);
    }

    /** Letters, digits and ._- of a text, in lower case; the others as dashes. It begins and ends with a letter or a digit. */
    private static String kept(String text, int charactersMax) {
        String plain = text.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9._-]+", "-");
        String cut = plain.length() > charactersMax ? plain.substring(0, charactersMax) : plain;
        return cut.replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
    }

    private static String digest(String subject) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(subject.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, DIGEST_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
