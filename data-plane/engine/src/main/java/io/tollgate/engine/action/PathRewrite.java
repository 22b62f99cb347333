package io.tollgate.engine.action;

import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateFacts;
import org.jspecify.annotations.Nullable;

/** What becomes of the path on its way to the upstream, or in a redirect. Immutable. */
public sealed interface PathRewrite {
    /** Leaves the path as it is. */
    PathRewrite NONE = new None();

    /**
     * The path to forward, without query.
     *
     * @param path the normalised path that was matched
     * @param prefixLength how much of it the route's pattern covers
     * @param facts what templates may ask
     * @return {@code path} itself when nothing changes; null when the result could be read as another path than it says
     */
    @Nullable
    String rewrite(String path, int prefixLength, TemplateFacts facts);

    /** Whether it asks for a parameter of the path. */
    default boolean usesParameters() {
        return false;
    }

    /** Leaves the path as it is. */
    record None() implements PathRewrite {
        @Override
        public String rewrite(String path, int prefixLength, TemplateFacts facts) {
            return path;
        }
    }

    /**
     * Puts something in place of the matched prefix, or of the whole path where the pattern is no prefix.
     *
     * @param replacement starts with a slash and has none at its end, but for "/" itself, which strips the prefix
     */
    record ReplacePrefix(String replacement) implements PathRewrite {
        @Override
        public String rewrite(String path, int prefixLength, TemplateFacts facts) {
            String head = replacement.length() == 1 ? "" : replacement;
            if (head.length() == prefixLength && path.startsWith(head)) {
                return path;
            }
            if (prefixLength == path.length()) {
                return replacement;
            }
            return head.isEmpty() ? path.substring(prefixLength) : head.concat(path.substring(prefixLength));
        }
    }

    /**
     * Puts something in place of the whole path.
     *
     * @param template whose text is a path
     */
    record ReplaceFull(Template template) implements PathRewrite {
        @Override
        public @Nullable String rewrite(String path, int prefixLength, TemplateFacts facts) {
            String result = template.evaluate(facts, Template.VALUE_CHARACTERS_MAX);
            if (result == null || template.isConstant()) {
                return result;
            }
            return result.equals(path) || OnePath.isUnambiguous(result, path) ? result : null;
        }

        @Override
        public boolean usesParameters() {
            return template.usesParameters();
        }
    }
}
