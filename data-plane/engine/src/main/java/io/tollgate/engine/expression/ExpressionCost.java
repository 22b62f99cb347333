package io.tollgate.engine.expression;

import com.google.re2j.Pattern;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What an expression costs at most. Compile thread only.
 *
 * <p>Implementation note. A step is one node of the tree, or {@link ExpressionTexts#CHARACTERS_PER_STEP} characters that are looked at;
 * what stands in a loop counts as often as a loop may go round, which the library holds it to while it runs. How long texts get is
 * known: facts hand out none that are longer than they may be ({@link ExpressionVariables}). A match of a regular expression counts for
 * the length of its program, since it takes a text of {@value #MATCH_CHARACTERS_MAX} characters through all of it. Its pattern must
 * stand there as it is: one that comes with the call would have to be compiled in the call.
 */
final class ExpressionCost {
    /** A millisecond of an event loop; ten with a pattern that is made to be slow. */
    static final long STEPS_MAX = 10_000;
    /** Rounds of all loops of one evaluation: no list that people look through is longer. */
    static final int ROUNDS_MAX = 100;
    /** A longer text is not matched: the expression fails. */
    static final int MATCH_CHARACTERS_MAX = 1_024;
    /** Steps of a match for each step of the pattern's program. */
    static final int STEPS_PER_PROGRAM_STEP = 64;
    /** Looking through a list of {@link ExpressionVariables#ITEMS_MAX} for something. */
    static final int IN_STEPS = 50;
    /** Comparing two lists or maps. */
    static final int COLLECTION_STEPS = 1_000;

    private final CelAbstractSyntaxTree tree;
    private final Function<String, @Nullable String> wrongPattern;
    private final ExpressionTexts texts;
    private final Map<String, Pattern> patterns = new LinkedHashMap<>();

    /** @param wrongPattern what is expected of a regular expression instead; null when it is fine */
    ExpressionCost(CelAbstractSyntaxTree tree, Function<String, @Nullable String> wrongPattern) {
        this.tree = tree;
        this.wrongPattern = wrongPattern;
        this.texts = new ExpressionTexts(tree);
    }

    /** Measures it in steps; a fault when it costs too much, or a pattern is none that was written down. */
    long check() throws ExpressionFault {
        long steps = steps(tree.getExpr());
        if (steps > STEPS_MAX) {
            throw fault(
                    tree.getExpr().id(),
                    "it takes up to " + steps + " steps (expected: at most " + STEPS_MAX + "; a loop counts "
                            + ROUNDS_MAX + " times, a match " + STEPS_PER_PROGRAM_STEP
                            + " for each step of its pattern, and " + ExpressionTexts.CHARACTERS_PER_STEP
                            + " characters of a text one)");
        }
        return steps;
    }

    /** The patterns of its matches; known once it was checked. */
    Map<String, Pattern> patterns() {
        return patterns;
    }

    /** A fault at the place of this node. */
    private ExpressionFault fault(long node, String words) {
        Map<Long, Integer> positions = tree.getSource().getPositionsMap();
        Integer offset = positions.get(node);
        CelSourceLocation place = offset == null
                ? CelSourceLocation.of(1, 0)
                : tree.getSource().getOffsetLocation(offset).orElse(CelSourceLocation.of(1, 0));
        return new ExpressionFault(place.getLine(), place.getColumn() + 1, words);
    }

    private long steps(CelExpr node) throws ExpressionFault {
        return switch (node.exprKind().getKind()) {
            case SELECT -> 1 + steps(node.select().operand());
            case CALL -> call(node);
            case LIST -> 1 + steps(node.list().elements());
            case MAP -> {
                long all = 1;
                List<CelMap.Entry> entries = node.map().entries();
                for (CelMap.Entry entry : entries) {
                    all += steps(entry.key()) + texts.steps(entry.key()) + steps(entry.value());
                }
                yield all;
            }
            case COMPREHENSION -> loop(node.comprehension());
            default -> 1;
        };
    }

    private long loop(CelComprehension loop) throws ExpressionFault {
        long around = 1 + steps(loop.iterRange()) + steps(loop.accuInit());
        texts.enter(loop);
        long round = steps(loop.loopCondition()) + steps(loop.loopStep());
        long result = steps(loop.result());
        texts.leave(loop);
        // No overflow: what is in a loop is bounded before.
        return around + Math.min(round, STEPS_MAX + 1) * ROUNDS_MAX + result;
    }

    private long steps(List<CelExpr> nodes) throws ExpressionFault {
        long all = 0;
        for (CelExpr node : nodes) {
            all += steps(node);
        }
        return all;
    }

    private long call(CelExpr node) throws ExpressionFault {
        List<CelExpr> operands = new ArrayList<>();
        node.call().target().ifPresent(operands::add);
        operands.addAll(node.call().args());
        return 1 + steps(operands) + work(node.call().function(), operands);
    }

    private long work(String function, List<CelExpr> operands) throws ExpressionFault {
        return switch (function) {
            case "_&&_", "_||_", "!_", "_?_:_", "@not_strictly_false" -> 0;
            case "_[_]" -> texts.steps(operands.get(1));
            case "_==_", "_!=_", "_<_", "_<=_", "_>_", "_>=_", "startsWith", "endsWith" ->
                compare(operands.get(0), operands.get(1));
            case "@in" ->
                texts.isMap(operands.get(1))
                        ? texts.steps(operands.get(0))
                        : Math.multiplyExact(IN_STEPS, texts.stepsOfItem(operands.get(0)));
            case ExpressionLanguage.MATCHES -> match(operands.get(operands.size() - 1));
            default -> {
                long all = 0;
                for (CelExpr operand : operands) {
                    all += texts.isCollection(operand) ? COLLECTION_STEPS : texts.steps(operand);
                }
                yield all;
            }
        };
    }

    private long compare(CelExpr first, CelExpr second) {
        if (texts.isCollection(first) || texts.isCollection(second) || (texts.isAny(first) && texts.isAny(second))) {
            return COLLECTION_STEPS;
        }
        // It ends where the shorter one does.
        return Math.min(texts.steps(first), texts.steps(second));
    }

    private long match(CelExpr pattern) throws ExpressionFault {
        if (pattern.exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || pattern.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            throw fault(pattern.id(), "a pattern that is not written down (expected: a text in quotes)");
        }
        String text = pattern.constant().stringValue();
        String expected = wrongPattern.apply(text);
        if (expected != null) {
            throw fault(pattern.id(), "a pattern that is none (expected: " + expected + ")");
        }
        Pattern compiled = patterns.computeIfAbsent(text, Pattern::compile);
        return (long) STEPS_PER_PROGRAM_STEP * compiled.programSize();
    }
}
