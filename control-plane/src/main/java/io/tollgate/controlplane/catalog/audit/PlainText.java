package io.tollgate.controlplane.catalog.audit;

/** Makes what strangers sent fit to be kept and shown. Immutable functions. */
public final class PlainText {
    private PlainText() {}

    /** The first {@code charsMax} characters of {@code text}; what does not print, NUL before all, becomes a question mark. */
    public static String of(String text, int charsMax) {
        StringBuilder plain = new StringBuilder(Math.min(text.length(), charsMax));
        for (int i = 0; i < text.length() && plain.length() < charsMax; i++) {
            char c = text.charAt(i);
            plain.append(Character.isISOControl(c) || Character.isSurrogate(c) ? '?' : c);
        }
        return plain.toString();
    }
}
