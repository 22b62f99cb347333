package io.tollgate.engine.expression;

import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.ast.CelExpr.CelComprehension;
import dev.cel.common.ast.CelExpr.CelMap;
import dev.cel.common.types.CelKind;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How long the texts in an expression get at most. Compile thread only. */
final class ExpressionTexts {
    /** So many are looked at in the time of one step. */
    static final int CHARACTERS_PER_STEP = 64;

    private static final int NUMBER_CHARACTERS = 64;
    /** Octets of a character of UTF-8 at most, for one of UTF-16. */
    private static final int OCTETS_PER_CHARACTER = 3;

    private final CelAbstractSyntaxTree tree;
    private final Map<String, Long> variables = new HashMap<>();

    ExpressionTexts(CelAbstractSyntaxTree tree) {
        this.tree = tree;
    }

    /** What stands here is in this loop, whose variable is one of the things that it goes through. */
    void enter(CelComprehension loop) {
        variables.put(loop.iterVar(), items(loop.iterRange()));
    }

    /** What stands here is behind this loop. */
    void leave(CelComprehension loop) {
        variables.remove(loop.iterVar());
    }

    /** Steps for looking at all of it; 0 where it can be no text. */
    long steps(CelExpr node) {
        return mayBeText(node) ? steps(length(node)) : 0;
    }

    /** Steps for comparing it with an item of a list, at least one. */
    long stepsOfItem(CelExpr node) {
        return Math.max(1, mayBeText(node) ? steps(Math.min(length(node), ExpressionVariables.ITEM_MAX)) : 1);
    }

    boolean isMap(CelExpr node) {
        return kind(node) == CelKind.MAP;
    }

    boolean isCollection(CelExpr node) {
        return kind(node) == CelKind.MAP || kind(node) == CelKind.LIST;
    }

    /** Whether it is only known when it is there what it is. */
    boolean isAny(CelExpr node) {
        return kind(node) == CelKind.DYN || kind(node) == CelKind.ANY;
    }

    private static long steps(long characters) {
        return (characters + CHARACTERS_PER_STEP - 1) / CHARACTERS_PER_STEP;
    }

    private boolean mayBeText(CelExpr node) {
        return switch (kind(node)) {
            case BOOL, INT, UINT, DOUBLE, TIMESTAMP, DURATION, NULL_TYPE -> false;
            default -> true;
        };
    }

    private CelKind kind(CelExpr node) {
        return tree.getType(node.id()).map(type -> type.kind()).orElse(CelKind.DYN);
    }

    /** Characters of the longest thing that a loop over it finds. */
    private long items(CelExpr range) {
        return switch (range.exprKind().getKind()) {
            case IDENT -> variables.getOrDefault(range.ident().name(), (long) ExpressionVariables.ITEM_MAX);
            case SELECT ->
                range.select().operand().exprKind().getKind() == CelExpr.ExprKind.Kind.IDENT
                                && !variables.containsKey(
                                        range.select().operand().ident().name())
                        ? ExpressionVariables.ITEM_MAX
                        : Math.max(
                                ExpressionVariables.ITEM_MAX,
                                written(range.select().operand()));
            default -> length(range);
        };
    }

    /** The same for what is a member of something: only what was written down or put together here is longer than an item. */
    private long written(CelExpr node) {
        return switch (node.exprKind().getKind()) {
            case IDENT -> variables.getOrDefault(node.ident().name(), 0L);
            case SELECT -> written(node.select().operand());
            default -> length(node);
        };
    }

    /** Characters of the longest text in it. */
    private long length(CelExpr node) {
        return switch (node.exprKind().getKind()) {
            case CONSTANT -> length(node.constant());
            case IDENT -> variables.getOrDefault(node.ident().name(), (long) ExpressionVariables.TEXT_MAX);
            case LIST -> longest(node.list().elements());
            case MAP -> {
                long longest = 0;
                List<CelMap.Entry> entries = node.map().entries();
                for (CelMap.Entry entry : entries) {
                    longest = Math.max(longest, Math.max(length(entry.key()), length(entry.value())));
                }
                yield longest;
            }
            case CALL -> {
                List<CelExpr> arguments = node.call().args();
                yield switch (node.call().function()) {
                    case "_+_" -> length(arguments.get(0)) + length(arguments.get(1));
                    case "_?_:_" -> Math.max(length(arguments.get(1)), length(arguments.get(2)));
                    case "string" -> Math.max(NUMBER_CHARACTERS, longest(arguments));
                    case "bytes" -> OCTETS_PER_CHARACTER * longest(arguments);
                    default -> Math.max(ExpressionVariables.TEXT_MAX, longest(arguments));
                };
            }
            case SELECT ->
                Math.max(ExpressionVariables.TEXT_MAX, length(node.select().operand()));
            default -> ExpressionVariables.TEXT_MAX;
        };
    }

    private long longest(List<CelExpr> nodes) {
        long longest = 0;
        for (CelExpr node : nodes) {
            longest = Math.max(longest, length(node));
        }
        return longest;
    }

    private static long length(CelConstant constant) {
        return switch (constant.getKind()) {
            case STRING_VALUE -> constant.stringValue().length();
            case BYTES_VALUE -> constant.bytesValue().size();
            default -> NUMBER_CHARACTERS;
        };
    }
}
