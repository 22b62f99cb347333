package io.tollgate.engine.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelSourceLocation;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What an expression costs at most. Compile thread only.
 *
 * <p>Implementation note. A step is one node of the tree; what stands in a loop counts as often as a loop may go round, which the
 * library holds it to while it runs. A match of a regular expression counts for {@value #MATCH_STEPS}, since it reads a whole text: so
 * none fits into a loop. Its pattern must stand there as it is: one that comes with the call would have to be compiled in the call.
 */
final class ExpressionCost {
    /** Some hundred microseconds of an event loop. */
    static final long STEPS_MAX = 10_000;
    /** Rounds of all loops of one evaluation: no list that people look through is longer. */
    static final int ROUNDS_MAX = 100;

    static final int MATCH_STEPS = 1_000;

    private final CelAbstractSyntaxTree tree;
    private final Map<String, Long> patterns = new LinkedHashMap<>();

    ExpressionCost(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    /** Measures it; a fault when it costs too much, or a pattern is none that was written down. */
    void check() throws ExpressionFault {
        long steps = steps(tree.getExpr());
        if (steps > STEPS_MAX) {
            throw fault(
                    tree.getExpr().id(),
                    "it takes up to " + steps + " steps (expected: at most " + STEPS_MAX + "; a loop counts "
                            + ROUNDS_MAX + " times, a match " + MATCH_STEPS + ")");
        }
    }

    /** The patterns of its matches, and at which node each stands; known once it was checked. */
    Map<String, Long> patterns() {
        return patterns;
    }

    /** A fault at the place of this node. */
    ExpressionFault fault(long node, String words) {
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
            case CALL -> 1 + call(node);
            case LIST -> 1 + steps(node.list().elements());
            case MAP -> {
                long all = 1;
                List<CelMap.Entry> entries = node.map().entries();
                for (CelMap.Entry entry : entries) {
                    all = Math.addExact(all, Math.addExact(steps(entry.key()), steps(entry.value())));
                }
                yield all;
            }
            case COMPREHENSION -> {
                CelComprehension loop = node.comprehension();
                long round = Math.addExact(steps(loop.loopCondition()), steps(loop.loopStep()));
                // No overflow: what is in a loop is bounded before.
                long once = Math.min(round, STEPS_MAX + 1) * ROUNDS_MAX;
                yield 1 + once + steps(loop.iterRange()) + steps(loop.accuInit()) + steps(loop.result());
            }
            default -> 1;
        };
    }

    private long steps(List<CelExpr> nodes) throws ExpressionFault {
        long all = 0;
        for (CelExpr node : nodes) {
            all = Math.addExact(all, steps(node));
        }
        return all;
    }

    private long call(CelExpr node) throws ExpressionFault {
        List<CelExpr> arguments = node.call().args();
        long all = steps(arguments);
        if (node.call().target().isPresent()) {
            all = Math.addExact(all, steps(node.call().target().get()));
        }
        if (!node.call().function().equals(ExpressionLanguage.MATCHES)) {
            return all;
        }
        CelExpr pattern = arguments.get(arguments.size() - 1);
        if (pattern.exprKind().getKind() != CelExpr.ExprKind.Kind.CONSTANT
                || pattern.constant().getKind() != CelConstant.Kind.STRING_VALUE) {
            throw fault(pattern.id(), "a pattern that is not written down (expected: a text in quotes)");
        }
        patterns.putIfAbsent(pattern.constant().stringValue(), pattern.id());
        return Math.addExact(all, MATCH_STEPS);
    }
}
