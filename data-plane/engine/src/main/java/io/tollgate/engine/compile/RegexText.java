package io.tollgate.engine.compile;

import com.google.re2j.PatternSyntaxException;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.PathPattern;
import io.tollgate.engine.route.WholeRegex;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a configured regular expression may look like. Immutable functions.
 *
 * <p>Implementation note. RE2 writes out counted repetitions, also those inside of others, so a short text can stand for a
 * program of millions of steps, and the time of a match is the product of program and text. How long the program could get
 * is therefore told from the text before it is compiled, roughly and never too low, and exactly afterwards.
 */
final class RegexText {
    static final int LENGTH_MAX = 1024;
    /**
     * Longest program. A path of 8 KiB costs some milliseconds with an ordinary one of this length, and a quarter of a second
     * with one made to be slow, during which an event loop does nothing else; useful expressions have a tenth of it.
     */
    static final int PROGRAM_MAX = 500;
    /** What the rough measure may come to, so that measuring exactly is cheap. */
    private static final long ROUGH_MAX = 40L * PROGRAM_MAX;
    /** Steps around every program. */
    private static final int PROGRAM_FRAME = 5;

    private static final Pattern NAME = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,31}");

    private final String text;
    private int at;

    private RegexText(String text) {
        this.text = text;
    }

    /** What is expected of an expression over values instead; null when it is fine. */
    static @Nullable String wrong(String text) {
        if (text.isEmpty() || text.length() > LENGTH_MAX) {
            return "a regular expression of 1 to " + LENGTH_MAX + " characters";
        }
        if (!OctetText.isAscii(text)) {
            return "a regular expression of ASCII characters, since values are compared octet by octet";
        }
        if (roughProgram(text) > ROUGH_MAX) {
            return tooLong();
        }
        try {
            return WholeRegex.of(text).programSize() > PROGRAM_MAX ? tooLong() : null;
        } catch (PatternSyntaxException e) {
            return "a regular expression in RE2 syntax: " + e.getDescription();
        }
    }

    /** The same for an expression over paths, whose named groups are parameters. */
    static @Nullable String wrongPath(String text) {
        if (!text.startsWith("/")) {
            return "an expression that starts with a slash";
        }
        String wrong = wrong(text);
        if (wrong != null) {
            return wrong;
        }
        List<String> names = WholeRegex.of(text).groupNames();
        for (String name : names) {
            if (!NAME.matcher(name).matches()) {
                return "groups named by 1 to 32 letters, digits and underscores";
            }
        }
        return names.size() > PathPattern.PARAMETERS_MAX
                ? "at most " + PathPattern.PARAMETERS_MAX + " named groups"
                : null;
    }

    /** About how many steps the program of this text gets, never too few; what is more than anybody may have is not counted. */
    static long roughProgram(String text) {
        return PROGRAM_FRAME + new RegexText(text).alternatives();
    }

    private static String tooLong() {
        return "a shorter expression, or fewer counted repetitions: its program may have " + PROGRAM_MAX + " steps";
    }

    // Steps of what stands here up to the end of the group. A text that is no expression is measured somehow.
    private long alternatives() {
        long all = 1;
        while (at < text.length() && text.charAt(at) != ')') {
            long one = atom();
            all += one * repetitions();
            if (all > ROUGH_MAX) {
                at = text.length();
            }
        }
        return all;
    }

    private long atom() {
        char c = text.charAt(at++);
        if (c == '(') {
            long group = alternatives() + 2;
            at++;
            return group;
        }
        if (c == '[') {
            at = classEnd();
        } else if (c == '\\' && at < text.length()) {
            return escape();
        }
        return 1;
    }

    private long escape() {
        char c = text.charAt(at++);
        if (c == 'Q') {
            int end = text.indexOf("\\E", at);
            int literal = (end < 0 ? text.length() : end) - at;
            at = end < 0 ? text.length() : end + 2;
            return Math.max(1, literal);
        }
        if ((c == 'x' || c == 'p' || c == 'P') && at < text.length() && text.charAt(at) == '{') {
            int end = text.indexOf('}', at);
            at = end < 0 ? text.length() : end + 1;
        }
        return 1;
    }

    private int classEnd() {
        int i = at;
        if (i < text.length() && text.charAt(i) == '^') {
            i++;
        }
        for (int first = i; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '\\') {
                i++;
            } else if (c == '[' && text.startsWith("[:", i) && text.indexOf(":]", i) > 0) {
                i = text.indexOf(":]", i) + 1;
            } else if (c == ']' && i > first) {
                return i + 1;
            }
        }
        return text.length();
    }

    /** How often the last atom is written out at most. */
    private long repetitions() {
        long times = 1;
        while (at < text.length() && "*+?{".indexOf(text.charAt(at)) >= 0) {
            if (text.charAt(at++) == '{') {
                times *= counted();
            } else {
                times *= 2;
            }
            times = Math.min(times, ROUGH_MAX + 1);
        }
        return times;
    }

    private long counted() {
        long most = 0;
        long number = 0;
        while (at < text.length() && (Character.isDigit(text.charAt(at)) || text.charAt(at) == ',')) {
            char c = text.charAt(at++);
            number = c == ',' ? 0 : Math.min(number * 10 + (c - '0'), ROUGH_MAX);
            most = Math.max(most, number);
        }
        if (at < text.length() && text.charAt(at) == '}') {
            at++;
        }
        // A bound may cost a step beside what it repeats.
        return 2 * most + 2;
    }
}
