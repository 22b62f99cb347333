package io.tollgate.engine.compile;

import io.tollgate.engine.action.RouteAction;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateEscape;
import io.tollgate.engine.template.TemplateScope;
import io.tollgate.proto.config.v1.FixedAnswer;
import io.tollgate.proto.config.v1.HeaderField;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Fixed answers: checks them and makes {@link RouteAction.FixedAnswer}s. Compile thread only. */
final class FixedAnswerCompiler {
    private static final int HEADERS_MAX = 32;
    private static final int BODY_LENGTH_MAX = 65_536;
    private static final String CONTENT_TYPE = "Content-Type";
    private static final RouteAction.HeaderField PLAIN_TEXT =
            new RouteAction.HeaderField(CONTENT_TYPE, Template.of("text/plain; charset=utf-8", TemplateEscape.NONE));

    void check(FixedAnswer answer, TemplateScope scope, ObjectProblems problems) {
        int status = answer.getStatus();
        problems.range("/fixed_answer/status", Integer.toUnsignedLong(status), 200, 599);
        if (answer.getHeadersCount() > HEADERS_MAX) {
            problems.add("/fixed_answer/headers", answer.getHeadersCount() + " headers", "at most " + HEADERS_MAX);
        }
        for (int i = 0; i < Math.min(HEADERS_MAX, answer.getHeadersCount()); i++) {
            HeaderField header = answer.getHeaders(i);
            String at = "/fixed_answer/headers/" + i;
            if (!NameText.isEditable(header.getName())) {
                problems.add(at + "/name", header.getName(), NameText.EDITABLE_EXPECTED);
            }
            TemplateText.checkValue(header.getValue(), at + "/value", scope, problems);
        }
        TemplateText.isTemplate(answer.getBody(), BODY_LENGTH_MAX, "/fixed_answer/body", scope, problems);
        if (!answer.getBody().isEmpty() && (status == 204 || status == 205 || status == 304)) {
            problems.add("/fixed_answer/body", "a body", "none with status " + status);
        }
    }

    /** Values in a body are escaped as its type wants, so that no caller can write into the document around them. */
    RouteAction compile(FixedAnswer answer) {
        List<RouteAction.HeaderField> headers = new ArrayList<>(answer.getHeadersCount() + 1);
        TemplateEscape escape = null;
        for (HeaderField header : answer.getHeadersList()) {
            Template value = TemplateText.compile(header.getValue(), TemplateEscape.NONE);
            headers.add(new RouteAction.HeaderField(header.getName(), value));
            if (header.getName().equalsIgnoreCase(CONTENT_TYPE)) {
                escape = escape(value);
            }
        }
        if (answer.getBody().isEmpty()) {
            return new RouteAction.FixedAnswer(answer.getStatus(), headers, null);
        }
        if (escape == null) {
            headers.add(PLAIN_TEXT);
            escape = TemplateEscape.NONE;
        }
        return new RouteAction.FixedAnswer(answer.getStatus(), headers, TemplateText.compile(answer.getBody(), escape));
    }

    private static TemplateEscape escape(Template contentType) {
        String type = contentType.text().toLowerCase(Locale.ROOT);
        if (type.contains("json")) {
            return TemplateEscape.JSON;
        }
        // A type that the request decides may turn out to be a page.
        return type.contains("html") || type.contains("xml") || !contentType.isConstant()
                ? TemplateEscape.MARKUP
                : TemplateEscape.NONE;
    }
}
