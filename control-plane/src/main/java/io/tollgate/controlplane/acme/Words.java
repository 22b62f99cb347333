package io.tollgate.controlplane.acme;

import org.shredzone.acme4j.Problem;
import org.shredzone.acme4j.exception.AcmeServerException;

/** What went wrong, for people; a server's words are cut to a bound. Immutable functions. */
final class Words {
    /** A problem with a part for each of a hundred names is not read to its end. */
    private static final int CHARACTERS_MAX = 1_000;

    private Words() {}

    static String of(Throwable failure) {
        if (failure instanceof AcmeServerException said) {
            return of(said.getProblem());
        }
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Throwable one = failure; one != null && depth < 4; one = one.getCause(), depth++) {
            String message = one.getMessage() == null ? one.getClass().getSimpleName() : one.getMessage();
            if (text.indexOf(message) < 0) {
                text.append(text.isEmpty() ? "" : ": ").append(message);
            }
        }
        return cut(text.toString());
    }

    static String of(Problem problem) {
        String type = problem.getType().toString();
        return cut(type.substring(type.lastIndexOf(':') + 1) + ": " + problem);
    }

    private static String cut(String text) {
        String clean = text.replaceAll("\\p{Cntrl}", " ");
        return clean.length() <= CHARACTERS_MAX ? clean : clean.substring(0, CHARACTERS_MAX) + "...";
    }
}
