package io.tollgate.engine.compile;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The problems of one compilation, each once, in the order of their objects. Compile thread only. */
final class ProblemList {
    private static final Comparator<Problem> ORDER = Comparator.comparing(Problem::kind)
            .thenComparing(Problem::id)
            .thenComparing(Problem::pointer)
            .thenComparing(Problem::detail);

    private final TreeSet<Problem> problems = new TreeSet<>(ORDER);

    void add(Problem problem) {
        problems.add(problem);
        if (problems.size() > CompileResult.PROBLEMS_MAX) {
            problems.pollLast();
        }
    }

    boolean isEmpty() {
        return problems.isEmpty();
    }

    List<Problem> toList() {
        return List.copyOf(problems);
    }
}
