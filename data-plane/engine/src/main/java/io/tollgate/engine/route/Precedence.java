package io.tollgate.engine.route;

import java.util.Comparator;
import java.util.List;

/**
 * The order of precedence of patterns, told as comparators: better ones first. Immutable.
 *
 * <p>The index has it in its shape; this is for those who compare routes without a request.
 */
public final class Precedence {
    /** An exact host, then the longer wildcard, then any host. */
    public static final Comparator<HostPattern> HOSTS = Comparator.comparingInt(host -> -weight(host));

    /**
     * An exact path, then a template (segment by segment, a literal before a parameter), then the regular expression with the
     * longer literal beginning, then the longer prefix.
     */
    public static final Comparator<PathPattern> PATHS =
            Comparator.<PathPattern>comparingInt(Precedence::kind).thenComparing(Precedence::compareWithinKind);

    private Precedence() {}

    private static int weight(HostPattern host) {
        if (host instanceof HostPattern.Wildcard wildcard) {
            return wildcard.suffix().length();
        }
        return host instanceof HostPattern.Exact ? Integer.MAX_VALUE : 0;
    }

    private static int kind(PathPattern path) {
        if (path instanceof PathPattern.Exact) {
            return 0;
        }
        if (path instanceof PathPattern.Template) {
            return 1;
        }
        return path instanceof PathPattern.Regex ? 2 : 3;
    }

    private static int compareWithinKind(PathPattern one, PathPattern other) {
        if (one instanceof PathPattern.Regex regex && other instanceof PathPattern.Regex second) {
            return Integer.compare(second.literalLength(), regex.literalLength());
        }
        if (one instanceof PathPattern.Prefix) {
            return Integer.compare(other.text().length(), one.text().length());
        }
        if (one instanceof PathPattern.Template template && other instanceof PathPattern.Template second) {
            return compareTemplates(template.segments(), second.segments());
        }
        return 0;
    }

    private static int compareTemplates(List<PathPattern.Segment> one, List<PathPattern.Segment> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int byKind = Boolean.compare(one.get(i).isParameter(), other.get(i).isParameter());
            if (byKind != 0) {
                return byKind;
            }
        }
        return Integer.compare(other.size(), one.size());
    }
}
