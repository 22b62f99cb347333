package io.tollgate.controlplane.admin.problem;

import io.tollgate.controlplane.catalog.revision.FieldFault;
import io.tollgate.controlplane.catalog.revision.ObjectFault;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Ends a request with a problem. An expected ending: it carries no stack. One thread. */
public final class ProblemException extends RuntimeException {
    private final ProblemType type;
    private final transient List<FieldFault> errors;
    private final transient List<ObjectFault> problems;
    private final transient Map<String, String> headers = new LinkedHashMap<>();

    private ProblemException(ProblemType type, String detail, List<FieldFault> errors, List<ObjectFault> problems) {
        super(detail, null, false, false);
        this.type = type;
        this.errors = List.copyOf(errors);
        this.problems = List.copyOf(problems);
    }

    public static ProblemException of(ProblemType type, String detail) {
        return new ProblemException(type, detail, List.of(), List.of());
    }

    public static ProblemException ofFields(ProblemType type, List<FieldFault> errors) {
        String detail = errors.size() == 1
                ? errors.get(0).pointer() + ": " + errors.get(0).detail()
                : errors.size() + " fields are invalid";
        return new ProblemException(type, detail, errors, List.of());
    }

    public static ProblemException ofObjects(List<ObjectFault> problems) {
        ObjectFault first = problems.get(0);
        String detail = first.kind() + " " + first.name() + first.pointer() + ": " + first.detail();
        return new ProblemException(ProblemType.REFUSED_BY_NODES, detail, List.of(), problems);
    }

    public ProblemException header(String name, String value) {
        headers.put(name, value);
        return this;
    }

    public ProblemType type() {
        return type;
    }

    public List<FieldFault> errors() {
        return errors;
    }

    public List<ObjectFault> problems() {
        return problems;
    }

    public Map<String, String> headers() {
        return headers;
    }
}
