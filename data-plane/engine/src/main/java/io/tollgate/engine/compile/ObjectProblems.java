package io.tollgate.engine.compile;

import io.tollgate.proto.config.v1.ObjectKind;

/** Where the compilers of the rooms put what is wrong with one object. Compile thread only. */
final class ObjectProblems {
    private final ProblemList list;
    private final ObjectKind kind;
    private final String id;
    private final String name;

    ObjectProblems(ProblemList list, WireObject object) {
        this.list = list;
        this.kind = object.key().kind();
        this.id = object.key().id();
        this.name = object.name();
    }

    /** Something is wrong: {@code value (expected: expected)}. */
    void add(String pointer, Object value, String expected) {
        list.add(new Problem(kind, id, name, pointer, value + " (expected: " + expected + ")"));
    }

    void range(String pointer, long value, long least, long most) {
        if (value < least || value > most) {
            add(pointer, value, least + " to " + most);
        }
    }
}
