package io.tollgate.engine.compile;

import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.route.RouteConditions;
import io.tollgate.engine.route.ValueCondition;
import io.tollgate.engine.route.ValueTest;
import io.tollgate.engine.route.WholeRegex;
import io.tollgate.proto.config.v1.Route;
import io.tollgate.proto.config.v1.ValueMatch;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Conditions on header fields and query parameters: checks them and makes {@link RouteConditions}. Compile thread only. */
final class ConditionCompiler {
    /** Each may cost a look at the whole head or query, for each route that matches so far. */
    private static final int CONDITIONS_MAX = 16;
    /** A longer value would not fit into a head beside much else. */
    private static final int VALUE_LENGTH_MAX = 1024;

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern PARAMETER = Pattern.compile("[\\x20-\\x7e]{1,128}");
    private static final Pattern CONTROL = Pattern.compile("[\\x00-\\x08\\x0a-\\x1f\\x7f]");

    void check(Route route, ObjectProblems problems) {
        check(route.getHeadersList(), "/headers", problems);
        check(route.getQueryParametersList(), "/query_parameters", problems);
    }

    private static void check(List<ValueMatch> matches, String at, ObjectProblems problems) {
        if (matches.size() > CONDITIONS_MAX) {
            problems.add(at, matches.size() + " conditions", "at most " + CONDITIONS_MAX);
            return;
        }
        boolean headers = at.equals("/headers");
        Set<String> names = new HashSet<>();
        for (int i = 0; i < matches.size(); i++) {
            ValueMatch match = matches.get(i);
            String one = at + "/" + i;
            if (!(headers ? HEADER : PARAMETER).matcher(match.getName()).matches()) {
                problems.add(
                        one + "/name",
                        match.getName(),
                        headers
                                ? "a header name of 1 to 128 characters"
                                : "a decoded parameter name of 1 to 128 printable ASCII characters");
            } else if (!names.add(headers ? match.getName().toLowerCase(Locale.ROOT) : match.getName())) {
                problems.add(one + "/name", match.getName(), "each name once");
            }
            checkValue(match, one, headers, problems);
        }
    }

    private static void checkValue(ValueMatch match, String at, boolean header, ObjectProblems problems) {
        String value = match.getValue();
        switch (match.getType()) {
            case VALUE_MATCH_TYPE_EXACT -> {
                if (value.length() > VALUE_LENGTH_MAX) {
                    problems.add(at + "/value", value.length() + " characters", "at most " + VALUE_LENGTH_MAX);
                } else if (header && (CONTROL.matcher(value).find() || !value.equals(value.strip()))) {
                    problems.add(
                            at + "/value",
                            value,
                            "a value that a field can have: no control characters, no space around");
                }
            }
            case VALUE_MATCH_TYPE_PRESENT -> {
                if (!value.isEmpty()) {
                    problems.add(at + "/value", value, "no value where the field only has to be present");
                }
            }
            case VALUE_MATCH_TYPE_REGEX -> {
                String wrong = RegexText.wrong(value);
                if (wrong != null) {
                    problems.add(at + "/value", value, wrong);
                }
            }
            default -> problems.add(at + "/type", match.getTypeValue(), "exact, present or regex");
        }
    }

    RouteConditions compile(Route route) {
        if (route.getHeadersCount() + route.getQueryParametersCount() == 0) {
            return RouteConditions.NONE;
        }
        List<ValueCondition> headers = new ArrayList<>(route.getHeadersCount());
        for (ValueMatch match : route.getHeadersList()) {
            headers.add(new ValueCondition(match.getName().toLowerCase(Locale.ROOT), test(match)));
        }
        List<ValueCondition> parameters = new ArrayList<>(route.getQueryParametersCount());
        for (ValueMatch match : route.getQueryParametersList()) {
            parameters.add(new ValueCondition(match.getName(), test(match)));
        }
        return new RouteConditions(headers, parameters);
    }

    private static ValueTest test(ValueMatch match) {
        return switch (match.getType()) {
            case VALUE_MATCH_TYPE_EXACT -> new ValueTest.Exact(OctetText.of(match.getValue()));
            case VALUE_MATCH_TYPE_REGEX -> new ValueTest.Matching(WholeRegex.of(match.getValue()));
            default -> ValueTest.PRESENT;
        };
    }
}
