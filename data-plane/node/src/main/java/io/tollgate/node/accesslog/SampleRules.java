package io.tollgate.node.accesslog;

import io.tollgate.node.exchange.Outcome;
import io.tollgate.node.exchange.OutcomeSource;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Which share of the requests is logged: the first rule that fits says it. Immutable.
 *
 * <pre>
 *   rules     = rule *( "," rule )
 *   rule      = condition "=" share            share: a number from 0 to 1
 *   condition = "errors"                       ended with 500 and above, or by the fault of gateway or upstream
 *             / "refused"                      refused by the gateway for what the client sent or may not do
 *             / "slow>" number ( "ms" / "s" )  took longer than that
 *             / "default"                      all others; 1 where it is not said
 * </pre>
 */
record SampleRules(List<Rule> rules) {
    static final SampleRules ALL = new SampleRules(List.of());

    private static final int STATUS_ERROR = 500;
    private static final Pattern RULE =
            Pattern.compile("(errors|refused|default|slow>([0-9]{1,9})(ms|s))=(0|1|0?\\.[0-9]{1,6}|1\\.0{1,6})");
    private static final String EXPECTED =
            " (expected: errors, refused, slow>500ms or default, each with =SHARE from 0 to 1, separated by commas)";

    /** What a rule is about. */
    enum Condition {
        ERRORS,
        REFUSED,
        SLOW,
        DEFAULT
    }

    /** @param aboveNanos for SLOW: how long a request took at least */
    record Rule(Condition condition, long aboveNanos, double share) {
        boolean fits(int status, Outcome outcome, long durationNanos) {
            return switch (condition) {
                case ERRORS ->
                    status >= STATUS_ERROR
                            || outcome.source() == OutcomeSource.GATEWAY
                            || outcome.source() == OutcomeSource.UPSTREAM;
                case REFUSED -> outcome.source() == OutcomeSource.CLIENT && outcome != Outcome.CLIENT_GONE;
                case SLOW -> durationNanos > aboveNanos;
                case DEFAULT -> true;
            };
        }
    }

    SampleRules {
        rules = List.copyOf(rules);
    }

    /** Throws IllegalArgumentException for what is none. */
    static SampleRules parse(String text) {
        List<Rule> rules = new ArrayList<>();
        for (String one : text.split("\\s*,\\s*", -1)) {
            Matcher rule = RULE.matcher(one);
            if (!rule.matches()) {
                throw new IllegalArgumentException(one + EXPECTED);
            }
            double share = Double.parseDouble(rule.group(4));
            if (rule.group(2) != null) {
                long unitNanos = rule.group(3).equals("s") ? 1_000_000_000L : 1_000_000L;
                rules.add(new Rule(Condition.SLOW, Long.parseLong(rule.group(2)) * unitNanos, share));
            } else {
                Condition condition = switch (rule.group(1)) {
                    case "errors" -> Condition.ERRORS;
                    case "refused" -> Condition.REFUSED;
                    default -> Condition.DEFAULT;
                };
                rules.add(new Rule(condition, 0, share));
            }
        }
        return new SampleRules(rules);
    }

    /** The share of requests like this one that is logged, 0 to 1. */
    double share(int status, Outcome outcome, long durationNanos) {
        for (Rule rule : rules) {
            if (rule.fits(status, outcome, durationNanos)) {
                return rule.share();
            }
        }
        return 1;
    }
}
