package io.tollgate.engine.expression;

import com.google.re2j.Pattern;
import dev.cel.checker.CelStandardDeclarations;
import dev.cel.common.CelFunctionDecl;
import dev.cel.common.CelOptions;
import dev.cel.common.CelOverloadDecl;
import dev.cel.common.types.SimpleType;
import dev.cel.compiler.CelCompiler;
import dev.cel.compiler.CelCompilerBuilder;
import dev.cel.compiler.CelCompilerFactory;
import dev.cel.parser.CelStandardMacro;
import dev.cel.runtime.CelFunctionBinding;
import dev.cel.runtime.CelRuntime;
import dev.cel.runtime.CelRuntimeFactory;
import dev.cel.runtime.CelStandardFunctions;
import java.util.Map;

/**
 * The language of expressions: the standard functions and loops of CEL over the facts of a call, but for those that make lists. Made
 * when the first expression is compiled. Shared; immutable.
 */
final class ExpressionLanguage {
    /** Not the library's own, which would compile its pattern in each call. */
    static final String MATCHES = "matches";

    /** Not the library's own, which takes the product of the two lengths. */
    private static final String CONTAINS = "contains_string";

    private static final String MATCHES_MEMBER = "string_matches_written";
    private static final String MATCHES_GLOBAL = "matches_string_written";

    private static final CelOptions OPTIONS = CelOptions.current()
            .maxExpressionCodePointSize(Expression.CHARACTERS_MAX)
            // Deeper than people nest, and far from the end of a thread's stack.
            .maxParseRecursionDepth(64)
            .comprehensionMaxIterations(ExpressionCost.ROUNDS_MAX)
            .evaluateCanonicalTypesToNativeValues(true)
            .build();

    static final CelCompiler COMPILER = compiler();
    private static final CelRuntime WITHOUT_PATTERNS = build(Map.of());

    private ExpressionLanguage() {}

    private static CelCompiler compiler() {
        CelCompilerBuilder builder = CelCompilerFactory.standardCelCompilerBuilder()
                .setOptions(OPTIONS)
                .setStandardMacros(
                        CelStandardMacro.HAS,
                        CelStandardMacro.ALL,
                        CelStandardMacro.EXISTS,
                        CelStandardMacro.EXISTS_ONE)
                .setStandardEnvironmentEnabled(false)
                .setStandardDeclarations(CelStandardDeclarations.newBuilder()
                        .excludeFunctions(CelStandardDeclarations.StandardFunction.MATCHES)
                        .build())
                .addFunctionDeclarations(CelFunctionDecl.newFunctionDeclaration(
                        MATCHES,
                        CelOverloadDecl.newMemberOverload(
                                MATCHES_MEMBER, SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING),
                        CelOverloadDecl.newGlobalOverload(
                                MATCHES_GLOBAL, SimpleType.BOOL, SimpleType.STRING, SimpleType.STRING)))
                .setResultType(SimpleType.BOOL);
        ExpressionVariables.types().forEach(builder::addVar);
        return builder.build();
    }

    /** What runs an expression with these patterns. */
    static CelRuntime runtime(Map<String, Pattern> patterns) {
        return patterns.isEmpty() ? WITHOUT_PATTERNS : build(patterns);
    }

    @SuppressWarnings("Immutable") // The map is a copy that nobody changes.
    private static CelRuntime build(Map<String, Pattern> patterns) {
        Map<String, Pattern> known = Map.copyOf(patterns);
        return CelRuntimeFactory.standardCelRuntimeBuilder()
                .setOptions(OPTIONS)
                .setStandardEnvironmentEnabled(false)
                .setStandardFunctions(CelStandardFunctions.newBuilder()
                        .excludeFunctions(
                                CelStandardFunctions.StandardFunction.MATCHES,
                                CelStandardFunctions.StandardFunction.CONTAINS)
                        .build())
                .addFunctionBindings(
                        CelFunctionBinding.from(CONTAINS, String.class, String.class, Needle::isIn),
                        CelFunctionBinding.from(
                                MATCHES_MEMBER,
                                String.class,
                                String.class,
                                (text, pattern) -> matches(known, text, pattern)),
                        CelFunctionBinding.from(
                                MATCHES_GLOBAL,
                                String.class,
                                String.class,
                                (text, pattern) -> matches(known, text, pattern)))
                .build();
    }

    private static boolean matches(Map<String, Pattern> known, String text, String pattern) {
        if (text.length() > ExpressionCost.MATCH_CHARACTERS_MAX) {
            throw new ExpressionVariables.TooLong();
        }
        Pattern compiled = known.get(pattern);
        if (compiled == null) {
            throw new IllegalStateException(pattern + " was written down");
        }
        return compiled.matcher(text).find();
    }
}
