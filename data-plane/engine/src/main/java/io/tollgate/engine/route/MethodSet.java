package io.tollgate.engine.route;

import java.util.List;
import java.util.TreeSet;

/** Methods that a route takes; none listed means any. Immutable. */
public final class MethodSet {
    /** Takes any method. */
    public static final MethodSet ANY = new MethodSet(new String[0]);

    private final String[] methods;

    private MethodSet(String[] methods) {
        this.methods = methods;
    }

    /** The listed methods, upper case; none means any. */
    public static MethodSet of(List<String> methods) {
        return methods.isEmpty() ? ANY : new MethodSet(new TreeSet<>(methods).toArray(new String[0]));
    }

    /** Whether any method is taken. */
    public boolean isAny() {
        return methods.length == 0;
    }

    /** Whether this method is taken. Exactly what is listed: GET does not bring HEAD. */
    public boolean takes(String method) {
        if (methods.length == 0) {
            return true;
        }
        for (String listed : methods) {
            if (listed.equals(method)) {
                return true;
            }
        }
        return false;
    }

    /** The listed methods, sorted. */
    public List<String> listed() {
        return List.of(methods);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof MethodSet set && listed().equals(set.listed());
    }

    @Override
    public int hashCode() {
        return listed().hashCode();
    }

    @Override
    public String toString() {
        return isAny() ? "*" : String.join(",", methods);
    }
}
