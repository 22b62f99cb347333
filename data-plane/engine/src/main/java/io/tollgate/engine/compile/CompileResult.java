package io.tollgate.engine.compile;

import java.util.List;

/** What comes of a compilation. Immutable. */
public sealed interface CompileResult {
    /** Most problems that are told at once: enough to mend by, and a bound for the message that carries them. */
    int PROBLEMS_MAX = 100;

    /**
     * The configuration can be enforced.
     *
     * @param configuration all of it
     */
    record Compiled(CompiledConfiguration configuration) implements CompileResult {}

    /**
     * The configuration cannot be enforced; nothing changes.
     *
     * @param problems 1 to {@value #PROBLEMS_MAX}, by object
     */
    record Refused(List<Problem> problems) implements CompileResult {
        /** Copies the list. */
        public Refused {
            problems = List.copyOf(problems);
        }
    }
}
