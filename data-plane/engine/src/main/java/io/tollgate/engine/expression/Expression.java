package io.tollgate.engine.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelReference;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelRuntime;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A sentence of the Common Expression Language that is true or false of a call. Immutable; shared.
 *
 * <p>At most {@value #CHARACTERS_MAX} characters. It was checked: every name exists, every type fits, and what it costs is bounded
 * ({@link ExpressionCost}). Evaluation is synchronous and takes memory for what it looks at.
 *
 * @see <a href="https://github.com/google/cel-spec/blob/master/doc/langdef.md">Language definition</a>
 */
public final class Expression {
    /** More is a program, not a rule. */
    public static final int CHARACTERS_MAX = 2_048;

    /** What all expressions of one policy may cost together, since a call may have to be asked of all of them. */
    public static final long POLICY_STEPS_MAX = 3 * ExpressionCost.STEPS_MAX;

    private static final java.util.regex.Pattern UNDECLARED =
            java.util.regex.Pattern.compile("^undeclared reference to '([^']*)'");

    private final String text;
    private final CelRuntime.Program program;
    private final long steps;
    private final boolean namesTime;

    private Expression(String text, CelRuntime.Program program, long steps, boolean namesTime) {
        this.text = text;
        this.program = program;
        this.steps = steps;
        this.namesTime = namesTime;
    }

    /** What an expression says of a call. */
    public enum Answer {
        HOLDS,
        HOLDS_NOT,
        /** It cannot be said: something is not there, or not of the kind that was expected, or too long to look through. */
        FAILED
    }

    /**
     * Compiles a text.
     *
     * @param wrongPattern what is expected of a regular expression instead; null when it is fine
     */
    public static Expression compile(String text, Function<String, @Nullable String> wrongPattern)
            throws ExpressionFault {
        CelAbstractSyntaxTree tree = tree(text);
        ExpressionCost cost = new ExpressionCost(tree, wrongPattern);
        long steps = cost.check();
        Set<String> names = new HashSet<>();
        Map<Long, CelReference> references = tree.getReferenceMap();
        references.values().forEach(reference -> names.add(reference.name()));
        try {
            return new Expression(
                    text,
                    ExpressionLanguage.runtime(cost.patterns()).createProgram(tree),
                    steps,
                    names.contains(ExpressionVariables.TIME));
        } catch (CelEvaluationException e) {
            throw new IllegalStateException(text + " was checked", e);
        }
    }

    private static CelAbstractSyntaxTree tree(String text) throws ExpressionFault {
        if (text.isBlank() || text.length() > CHARACTERS_MAX) {
            throw new ExpressionFault(
                    1, 1, text.length() + " characters (expected: an expression of 1 to " + CHARACTERS_MAX + ")");
        }
        CelValidationResult result = ExpressionLanguage.COMPILER.compile(text);
        if (result.hasError()) {
            List<CelIssue> errors = result.getErrors();
            CelIssue first = errors.get(0);
            throw new ExpressionFault(
                    first.getSourceLocation().getLine(),
                    first.getSourceLocation().getColumn() + 1,
                    words(first.getMessage().lines().findFirst().orElse("no expression")));
        }
        try {
            return result.getAst();
        } catch (CelValidationException e) {
            throw new IllegalStateException("it has no error", e);
        }
    }

    /** The names that there are, where one was asked for that is none. */
    private static String words(String message) {
        Matcher undeclared = UNDECLARED.matcher(message);
        if (!undeclared.find()) {
            return message;
        }
        String group = undeclared.group(1) + ".";
        List<String> names = ExpressionVariables.types().keySet().stream()
                .filter(name -> name.startsWith(group))
                .toList();
        return names.isEmpty()
                ? "undeclared reference to '" + undeclared.group(1) + "'"
                : "no such member (expected: " + String.join(", ", names) + ")";
    }

    /** What it says of a call. */
    public Answer test(ExpressionFacts facts) {
        try {
            Object value = program.eval(new ExpressionVariables(facts));
            if (Boolean.TRUE.equals(value)) {
                return Answer.HOLDS;
            }
            return Boolean.FALSE.equals(value) ? Answer.HOLDS_NOT : Answer.FAILED;
        } catch (CelEvaluationException | ExpressionVariables.TooLong e) {
            return Answer.FAILED;
        }
    }

    /** What it costs at most, in steps of which all expressions of a policy have {@value #POLICY_STEPS_MAX}. */
    public long steps() {
        return steps;
    }

    /** Whether it asks what time it is. */
    public boolean namesTime() {
        return namesTime;
    }

    /** As configured. */
    public String text() {
        return text;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Expression that && text.equals(that.text);
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
