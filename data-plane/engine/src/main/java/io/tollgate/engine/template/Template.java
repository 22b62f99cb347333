package io.tollgate.engine.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A text that is filled in from a request, compiled once. Immutable.
 *
 * <p>Grammar: {@code {name}} stands for a value, {@code {{} for a brace, anything else for itself. Names are those of {@link
 * TemplateFact}, the path's parameters, {@code request.header.NAME} and {@code request.query.NAME}. A template without
 * names is a constant and costs nothing to evaluate.
 */
public final class Template {
    /** Longest value of a header field or query parameter, and longest path or host: what a head has room for. */
    public static final int VALUE_CHARACTERS_MAX = 8_192;
    /** Longest body. */
    public static final int BODY_CHARACTERS_MAX = 1_048_576;

    private final String text;
    private final TemplateEscape escape;
    private final TemplatePart[] parts;
    private final @Nullable String constant;

    private Template(String text, TemplateEscape escape, List<TemplatePart> parts) {
        this.text = text;
        this.escape = escape;
        this.parts = parts.toArray(new TemplatePart[0]);
        this.constant = constant(parts);
    }

    /** What is wrong with a text as a template in this scope; null when nothing is. */
    public static @Nullable TemplateFault fault(String text, TemplateScope scope) {
        return new TemplateReader(text, TemplateEscape.NONE).read(scope);
    }

    /**
     * Compiles a text that has no {@link #fault}.
     *
     * @param text one character per octet
     */
    public static Template of(String text, TemplateEscape escape) {
        TemplateReader reader = new TemplateReader(text, escape);
        TemplateFault fault = reader.read(null);
        if (fault != null) {
            throw new IllegalArgumentException(fault.value() + " (expected: " + fault.expected() + ")");
        }
        return new Template(text, escape, reader.parts());
    }

    /** The text with this in place of every name, for those who check what it says itself. */
    public static String withNamesAs(String text, String filling) {
        TemplateReader reader = new TemplateReader(text, TemplateEscape.NONE);
        if (reader.read(null) != null) {
            throw new IllegalArgumentException(text);
        }
        StringBuilder out = new StringBuilder();
        for (TemplatePart part : reader.parts()) {
            out.append(part instanceof TemplatePart.Literal literal ? literal.text() : filling);
        }
        return out.toString();
    }

    /** As it was written. */
    public String text() {
        return text;
    }

    /** Whether it is the same for every request. */
    public boolean isConstant() {
        return constant != null;
    }

    /** Whether it asks for a parameter of the path. */
    public boolean usesParameters() {
        for (TemplatePart part : parts) {
            if (part instanceof TemplatePart.Parameter) {
                return true;
            }
        }
        return false;
    }

    /** Fills it in; null when that is longer than {@code charactersMax}. */
    public @Nullable String evaluate(TemplateFacts facts, int charactersMax) {
        if (constant != null) {
            return constant;
        }
        StringBuilder out = new StringBuilder(text.length() + 32);
        for (TemplatePart part : parts) {
            append(part, facts, out);
            if (out.length() > charactersMax) {
                return null;
            }
        }
        return out.toString();
    }

    /**
     * Fills it in as the value of a header field. Empty when there is none: nothing was known, it is too long, or it would
     * hold a byte that a field may not hold (RFC 9110, 5.5), such as a line break from a decoded query parameter.
     */
    public String fieldValue(TemplateFacts facts) {
        String value = evaluate(facts, VALUE_CHARACTERS_MAX);
        if (value == null) {
            return "";
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if ((c < ' ' && c != '\t') || c == 0x7f || c > 0xff) {
                return "";
            }
        }
        return value.strip();
    }

    private void append(TemplatePart part, TemplateFacts facts, StringBuilder out) {
        if (part instanceof TemplatePart.Literal literal) {
            out.append(literal.text());
        } else if (part instanceof TemplatePart.Parameter parameter) {
            escape.append(facts.parameter(parameter.name()), true, out);
        } else if (part instanceof TemplatePart.Known known) {
            escape.append(facts.fact(known.fact()), known.fact() == TemplateFact.REQUEST_PATH, out);
        } else if (part instanceof TemplatePart.Header header) {
            escape.append(facts.header(header.name()), false, out);
        } else if (part instanceof TemplatePart.QueryParameter parameter) {
            escape.append(facts.queryParameter(parameter.name()), false, out);
        }
    }

    private static @Nullable String constant(List<TemplatePart> parts) {
        if (parts.isEmpty()) {
            return "";
        }
        return parts.size() == 1 && parts.get(0) instanceof TemplatePart.Literal literal ? literal.text() : null;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Template template && text.equals(template.text) && escape == template.escape;
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return text;
    }
}
