package io.tollgate.engine.template;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads the text of a template once, from left to right. Used once; compile thread only. */
final class TemplateReader {
    private static final String HEADER = "request.header.";
    private static final String QUERY = "request.query.";
    private static final Pattern HEADER_NAME = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,128}");
    private static final Pattern PARAMETER_NAME = Pattern.compile("[\\x21-\\x7e]{1,128}");

    private final String text;
    private final TemplateEscape escape;
    private final List<TemplatePart> parts = new ArrayList<>();
    private final StringBuilder literal = new StringBuilder();

    TemplateReader(String text, TemplateEscape escape) {
        this.text = text;
        this.escape = escape;
    }

    /** Null when all is well, and then {@link #parts} may be asked. */
    @Nullable
    TemplateFault read(@Nullable TemplateScope scope) {
        int i = 0;
        while (i < text.length()) {
            char c = text.charAt(i);
            if (c != '{') {
                literal.append(c);
                i++;
            } else if (text.startsWith("{{", i)) {
                literal.append('{');
                i += 2;
            } else {
                int close = text.indexOf('}', i);
                if (close < 0) {
                    return new TemplateFault(text.substring(i), "a name with } at its end, or {{ for a brace");
                }
                TemplateFault fault = name(text.substring(i + 1, close), scope);
                if (fault != null) {
                    return fault;
                }
                i = close + 1;
            }
        }
        endLiteral();
        return null;
    }

    List<TemplatePart> parts() {
        return parts;
    }

    private @Nullable TemplateFault name(String name, @Nullable TemplateScope scope) {
        TemplatePart part = part(name, scope);
        if (part == null) {
            return new TemplateFault("{" + name + "}", expected(name, scope));
        }
        endLiteral();
        parts.add(part);
        return null;
    }

    private static @Nullable TemplatePart part(String name, @Nullable TemplateScope scope) {
        if (name.startsWith(HEADER)) {
            String header = name.substring(HEADER.length());
            return HEADER_NAME.matcher(header).matches()
                    ? new TemplatePart.Header(header.toLowerCase(Locale.ROOT))
                    : null;
        }
        if (name.startsWith(QUERY)) {
            String parameter = name.substring(QUERY.length());
            return PARAMETER_NAME.matcher(parameter).matches() ? new TemplatePart.QueryParameter(parameter) : null;
        }
        TemplateFact fact = TemplateFact.find(name);
        if (fact == TemplateFact.SERVICE_NAME && scope != null && !scope.hasService()) {
            return null;
        }
        if (fact != null) {
            return new TemplatePart.Known(fact);
        }
        return scope == null || scope.parameters().contains(name) ? new TemplatePart.Parameter(name) : null;
    }

    private static String expected(String name, @Nullable TemplateScope scope) {
        if (name.startsWith(HEADER)) {
            return "a header name after request.header.";
        }
        if (name.startsWith(QUERY)) {
            return "a parameter name after request.query.";
        }
        if (name.equals(TemplateFact.SERVICE_NAME.word())) {
            return "a route that a service answers";
        }
        StringBuilder out = new StringBuilder("a parameter that every path of the route has");
        if (scope != null && !scope.parameters().isEmpty()) {
            out.append(' ').append(new TreeSet<>(scope.parameters()));
        }
        out.append(", request.header.NAME, request.query.NAME");
        TemplateFact[] facts = TemplateFact.values();
        for (int i = 0; i < facts.length; i++) {
            out.append(i == facts.length - 1 ? " or " : ", ").append(facts[i].word());
        }
        return out.toString();
    }

    private void endLiteral() {
        if (literal.length() > 0) {
            StringBuilder escaped = new StringBuilder(literal.length());
            escape.appendLiteral(literal.toString(), escaped);
            parts.add(new TemplatePart.Literal(escaped.toString()));
            literal.setLength(0);
        }
    }
}
