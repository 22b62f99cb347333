package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which paths a route answers under; holds a valid, normalised text. Immutable. */
public sealed interface PathPattern {
    /** Most parameters of one template: bounds what a match keeps. */
    int PARAMETERS_MAX = 16;

    /** The pattern as it was written. */
    String text();

    /** Whether this normalised path is meant; for those who ask one pattern alone. */
    boolean matches(String path);

    /** Whether it is known to take every path that the other one takes; false also where that is not plain to see. */
    boolean covers(PathPattern other);

    /** Names of the parameters in the order of the path; empty for exact paths and prefixes. */
    default List<String> parameterNames() {
        return List.of();
    }

    /** One path, byte for byte. */
    record Exact(String text) implements PathPattern {
        @Override
        public boolean covers(PathPattern other) {
            return equals(other);
        }

        @Override
        public boolean matches(String path) {
            return text.equals(path);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * A path and everything below it, on segment borders: "/pets" takes /pets, /pets/ and /pets/7, not /petshop.
     *
     * @param text without a trailing slash, but for "/" itself, which takes everything
     */
    record Prefix(String text) implements PathPattern {
        @Override
        public boolean covers(PathPattern other) {
            return !(other instanceof Regex) && !(other instanceof Template) && matches(other.text());
        }

        @Override
        public boolean matches(String path) {
            int covered = coveredLength();
            return path.startsWith(text) && (path.length() == covered || path.charAt(covered) == '/');
        }

        /** Characters of a path that the prefix covers: 0 for "/", so that what follows always starts with a slash. */
        public int coveredLength() {
            return text.length() == 1 ? 0 : text.length();
        }

        @Override
        public String toString() {
            return text.length() == 1 ? "/**" : text + "/**";
        }
    }

    /**
     * A path of which some segments are parameters, each of which takes one whole non-empty segment.
     *
     * @param text "/orders/{id}/lines"
     * @param segments in order; null stands for a parameter
     * @param parameterNames of the parameters, in order
     */
    record Template(String text, List<Segment> segments, List<String> parameterNames) implements PathPattern {
        /** Copies the lists. */
        public Template {
            segments = List.copyOf(segments);
            parameterNames = List.copyOf(parameterNames);
        }

        @Override
        public boolean matches(String path) {
            int start = 1;
            for (Segment segment : segments) {
                if (start > path.length()) {
                    return false;
                }
                int slash = path.indexOf('/', start);
                int end = slash < 0 ? path.length() : slash;
                boolean fits = segment.isParameter()
                        ? end > start
                        : end - start == segment.text().length() && path.startsWith(segment.text(), start);
                if (!fits) {
                    return false;
                }
                start = end + 1;
            }
            return start > path.length();
        }

        @Override
        public boolean covers(PathPattern other) {
            if (other instanceof Exact) {
                return matches(other.text());
            }
            boolean covers = other instanceof Template template && template.segments.size() == segments.size();
            for (int i = 0; covers && i < segments.size(); i++) {
                Segment theirs = ((Template) other).segments.get(i);
                covers = segments.get(i).isParameter()
                        || (!theirs.isParameter()
                                && theirs.text().equals(segments.get(i).text()));
            }
            return covers;
        }

        /** Splits a valid text. */
        public static Template of(String text) {
            List<Segment> segments = new ArrayList<>();
            List<String> names = new ArrayList<>();
            int start = 1;
            while (start <= text.length()) {
                int slash = text.indexOf('/', start);
                int end = slash < 0 ? text.length() : slash;
                String segment = text.substring(start, end);
                boolean parameter = segment.startsWith("{");
                String name = parameter ? segment.substring(1, segment.length() - 1) : segment;
                segments.add(new Segment(name, parameter));
                if (parameter) {
                    names.add(name);
                }
                start = end + 1;
            }
            return new Template(text, segments, names);
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /**
     * All paths that a regular expression takes as a whole; its named groups are parameters.
     *
     * @param regex of ASCII characters, starts with a slash
     */
    record Regex(WholeRegex regex) implements PathPattern {
        @Override
        public String text() {
            return regex.text();
        }

        @Override
        public boolean matches(String path) {
            return regex.matches(path);
        }

        @Override
        public List<String> parameterNames() {
            return regex.groupNames();
        }

        @Override
        public boolean covers(PathPattern other) {
            if (other instanceof Exact) {
                return matches(other.text());
            }
            if (!regex.isBeginningAlone()) {
                return equals(other);
            }
            return equals(other)
                    || (other instanceof Prefix && other.text().startsWith(regex.literalBeginning()))
                    || (other instanceof Regex second
                            && second.regex.literalBeginning().startsWith(regex.literalBeginning()));
        }

        /** Characters that decide its precedence: of what every match starts with. */
        public int literalLength() {
            return regex.literalBeginning().length();
        }

        /** The first segment of every path that matches, when it is plain to see and not the last. */
        @Nullable
        String firstSegment() {
            String literal = regex.literalBeginning();
            int slash = literal.indexOf('/', 1);
            return slash < 0 ? null : literal.substring(1, slash);
        }

        @Override
        public String toString() {
            return "~" + regex;
        }
    }

    /**
     * One segment of a template. Immutable.
     *
     * @param text the literal text, or the name of the parameter
     * @param isParameter which of the two it is
     */
    record Segment(String text, boolean isParameter) {}
}
