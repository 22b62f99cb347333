package io.tollgate.engine.route;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * A regular expression (RE2 syntax) over a whole text. Immutable.
 *
 * <p>The time of a match grows with the product of text and expression and with nothing else, whatever the two say, since
 * RE2 does not step back. Each match allocates a matcher.
 */
public final class WholeRegex {
    private static final String META = "\\.+*?()|[]{}^$";

    private final String text;
    private final Pattern pattern;
    private final List<String> groupNames;
    private final String literalBeginning;

    private WholeRegex(String text) {
        this.text = text;
        this.pattern = Pattern.compile(text);
        this.groupNames = pattern.namedGroups().entrySet().stream()
                .sorted(Map.Entry.comparingByValue())
                .map(Map.Entry::getKey)
                .toList();
        this.literalBeginning = hasOuterChoice(text) ? "" : literalBeginning(text);
    }

    /** Compiles a text; throws {@link com.google.re2j.PatternSyntaxException} when it is none. */
    public static WholeRegex of(String text) {
        return new WholeRegex(text);
    }

    /** As configured. */
    public String text() {
        return text;
    }

    /** Names of the named groups, in order. */
    public List<String> groupNames() {
        return groupNames;
    }

    /** How long its program is: what a character of a text costs at worst. */
    public int programSize() {
        return pattern.programSize();
    }

    /** What every match starts with, as far as it is plain to see; may be empty. */
    public String literalBeginning() {
        return literalBeginning;
    }

    /** Whether it takes exactly the texts of one line that start with its literal beginning. */
    boolean isBeginningAlone() {
        List<String> forms = new ArrayList<>(2);
        forms.add(literalBeginning + ".*");
        forms.add(Pattern.quote(literalBeginning) + ".*");
        return !literalBeginning.isEmpty() && forms.contains(text);
    }

    /** Whether the whole text matches. */
    public boolean matches(String candidate) {
        return pattern.matches(candidate);
    }

    Matcher matcher(String candidate) {
        return pattern.matcher(candidate);
    }

    private static String literalBeginning(String text) {
        StringBuilder literal = new StringBuilder();
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c == '\\' && i + 1 < text.length() && META.indexOf(text.charAt(i + 1)) >= 0) {
                literal.append(text.charAt(i + 1));
                i += 2;
            } else if (META.indexOf(c) < 0) {
                literal.append(c);
                i++;
            } else {
                if (literal.length() > 0 && mayTakeBack(text, i)) {
                    literal.setLength(literal.length() - 1);
                }
                break;
            }
        }
        return literal.toString();
    }

    // What is repeated may also be absent. Flags and empty quotes are nothing themselves, so that what repeats them
    // repeats
    // the character before; after a plus too, which is why that is not taken for what it says.
    private static boolean mayTakeBack(String text, int at) {
        return switch (text.charAt(at)) {
            case '*', '?', '+', '{' -> true;
            case '(' -> text.startsWith("(?", at);
            case '\\' -> text.startsWith("\\Q", at) || text.startsWith("\\E", at);
            default -> false;
        };
    }

    /** Whether there may be a choice outside of all groups; in doubt there is. */
    private static boolean hasOuterChoice(String text) {
        if (text.indexOf('|') < 0) {
            return false;
        }
        if (text.contains("\\Q")) {
            return true;
        }
        int depth = 0;
        for (int i = 0; i < text.length(); i++) {
            switch (text.charAt(i)) {
                case '\\' -> i++;
                case '[' -> i = classEnd(text, i);
                case '(' -> depth++;
                case ')' -> depth--;
                case '|' -> {
                    if (depth <= 0) {
                        return true;
                    }
                }
                default -> {}
            }
        }
        return false;
    }

    /** Where the character class that starts here ends. */
    private static int classEnd(String text, int start) {
        int i = start + 1;
        if (i < text.length() && text.charAt(i) == '^') {
            i++;
        }
        // A bracket in the first place stands for itself.
        for (int first = i; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[' && text.startsWith("[:", i) && text.indexOf(":]", i) > 0) {
                i = text.indexOf(":]", i) + 1;
            } else if (c == ']' && i > first) {
                break;
            }
        }
        return i;
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof WholeRegex regex && text.equals(regex.text);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
