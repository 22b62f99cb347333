package io.tollgate.engine.compile;

import io.tollgate.engine.route.HostText;
import io.tollgate.engine.route.OctetText;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateEscape;
import io.tollgate.engine.template.TemplateFault;
import io.tollgate.engine.template.TemplateScope;

/** What templates may say where they stand. Compile thread only. */
final class TemplateText {
    /** Longest template but for bodies: what its parts say in the end is bounded on its own. */
    static final int LENGTH_MAX = 1024;

    /** Stands for a value that is not known yet: fits into a path, a host and a field. */
    private static final String ANY_VALUE = "p";

    private TemplateText() {}

    static Template compile(String text, TemplateEscape escape) {
        return Template.of(OctetText.of(text), escape);
    }

    /** A header field's or query parameter's value. */
    static void checkValue(String text, String at, TemplateScope scope, ObjectProblems problems) {
        if (isTemplate(text, LENGTH_MAX, at, scope, problems) && hasControl(Template.withNamesAs(text, ANY_VALUE))) {
            problems.add(at, "a control character", "text that a field may hold");
        }
    }

    static void checkPath(String text, String at, TemplateScope scope, ObjectProblems problems) {
        if (isTemplate(text, LENGTH_MAX, at, scope, problems)) {
            String wrong = PathText.wrong(Template.withNamesAs(text, ANY_VALUE));
            if (wrong != null) {
                problems.add(at, text, wrong);
            }
        }
    }

    /** A host; with a port only where {@code portExpected} says so. */
    static void checkHost(String text, String at, boolean portExpected, TemplateScope scope, ObjectProblems problems) {
        if (isTemplate(text, LENGTH_MAX, at, scope, problems)) {
            String filled = Template.withNamesAs(text, ANY_VALUE);
            String host = HostText.parse(filled);
            if (host == null || host.isEmpty() || !(portExpected || host.equalsIgnoreCase(filled))) {
                problems.add(at, text, portExpected ? "a host, with or without port" : "a host without port");
            }
        }
    }

    static boolean isTemplate(String text, int lengthMax, String at, TemplateScope scope, ObjectProblems problems) {
        if (text.length() > lengthMax) {
            problems.add(at, text.length() + " characters", "at most " + lengthMax);
            return false;
        }
        TemplateFault fault = Template.fault(text, scope);
        if (fault != null) {
            problems.add(at, fault.value(), fault.expected());
        }
        return fault == null;
    }

    private static boolean hasControl(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f) {
                return true;
            }
        }
        return false;
    }
}
