package io.tollgate.engine.route;

import java.util.List;

/** What becomes of the path on its way to the upstream. Immutable. */
public sealed interface PathRewrite {
    /** Leaves the path as it is. */
    PathRewrite NONE = new None();

    /**
     * The path to forward, without query.
     *
     * @param path the normalised path that was matched
     * @param match what it matched
     * @return {@code path} itself when nothing changes
     */
    String rewrite(String path, RouteMatch match);

    /** Leaves the path as it is. */
    record None() implements PathRewrite {
        @Override
        public String rewrite(String path, RouteMatch match) {
            return path;
        }
    }

    /**
     * Puts something in place of the matched prefix, or of the whole exact or template path.
     *
     * @param replacement starts with a slash and has none at its end, but for "/" itself, which strips the prefix
     */
    record ReplacePrefix(String replacement) implements PathRewrite {
        @Override
        public String rewrite(String path, RouteMatch match) {
            int covered = match.matchedPrefixLength();
            String head = replacement.length() == 1 ? "" : replacement;
            if (head.length() == covered && path.startsWith(head)) {
                return path;
            }
            if (covered == path.length()) {
                return replacement;
            }
            return head.isEmpty() ? path.substring(covered) : head.concat(path.substring(covered));
        }
    }

    /**
     * Puts something in place of the whole path.
     *
     * @param text as configured, may use {name} of a template path
     * @param parts literals and parameter names of the text, in order
     */
    record ReplaceFull(String text, List<PathPattern.Segment> parts) implements PathRewrite {
        /** Copies the list. */
        public ReplaceFull {
            parts = List.copyOf(parts);
        }

        @Override
        public String rewrite(String path, RouteMatch match) {
            if (parts.size() == 1 && !parts.get(0).isParameter()) {
                return text.equals(path) ? path : text;
            }
            StringBuilder out = new StringBuilder(path.length() + text.length());
            for (int i = 0; i < parts.size(); i++) {
                PathPattern.Segment part = parts.get(i);
                if (part.isParameter()) {
                    match.appendParameter(part.text(), out);
                } else {
                    out.append(part.text());
                }
            }
            return out.toString();
        }
    }
}
