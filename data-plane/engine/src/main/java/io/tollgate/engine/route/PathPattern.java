package io.tollgate.engine.route;

import java.util.ArrayList;
import java.util.List;

/** Which paths a route answers under; holds a valid, normalised text. Immutable. */
public sealed interface PathPattern {
    /** Most parameters of one template: bounds what a match keeps. */
    int PARAMETERS_MAX = 16;

    /** The pattern as it was written. */
    String text();

    /** Names of the parameters in the order of the path; empty for all but templates. */
    default List<String> parameterNames() {
        return List.of();
    }

    /** One path, byte for byte. */
    record Exact(String text) implements PathPattern {
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
     * One segment of a template. Immutable.
     *
     * @param text the literal text, or the name of the parameter
     * @param isParameter which of the two it is
     */
    record Segment(String text, boolean isParameter) {}
}
