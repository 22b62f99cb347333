package io.tollgate.engine.compile;

import io.tollgate.engine.action.FieldEdit;
import io.tollgate.engine.action.FieldEdits;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateEscape;
import io.tollgate.engine.template.TemplateScope;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Changes of header fields and query parameters: checks them and makes {@link FieldEdits}. Compile thread only. */
final class EditCompiler {
    private static final Pattern PARAMETER = Pattern.compile("[\\x20-\\x7e]{1,128}");
    private static final String PARAMETER_EXPECTED = "a decoded parameter name of 1 to 128 printable ASCII characters";

    void check(
            List<io.tollgate.proto.config.v1.FieldEdit> edits,
            String at,
            TemplateScope scope,
            ObjectProblems problems) {
        if (edits.size() > FieldEdits.EDITS_MAX) {
            problems.add(at, edits.size() + " edits", "at most " + FieldEdits.EDITS_MAX);
            return;
        }
        boolean headers = !at.equals("/query_edits");
        for (int i = 0; i < edits.size(); i++) {
            io.tollgate.proto.config.v1.FieldEdit edit = edits.get(i);
            String one = at + "/" + i;
            checkName(edit.getName(), one + "/name", headers, problems);
            switch (edit.getAction()) {
                case FIELD_EDIT_ACTION_ADD, FIELD_EDIT_ACTION_SET, FIELD_EDIT_ACTION_APPEND -> {
                    if (edit.getValue().isEmpty()) {
                        problems.add(one + "/value", "nothing", "a template of the value");
                    } else {
                        TemplateText.checkValue(edit.getValue(), one + "/value", scope, problems);
                    }
                }
                case FIELD_EDIT_ACTION_REMOVE -> {
                    if (!edit.getValue().isEmpty()) {
                        problems.add(one + "/value", edit.getValue(), "no value where fields are removed");
                    }
                }
                case FIELD_EDIT_ACTION_RENAME -> checkName(edit.getValue(), one + "/value", headers, problems);
                default -> problems.add(one + "/action", edit.getActionValue(), "add, set, append, remove or rename");
            }
        }
    }

    private static void checkName(String name, String at, boolean header, ObjectProblems problems) {
        if (header && !NameText.isEditable(name)) {
            problems.add(at, name, NameText.EDITABLE_EXPECTED);
        } else if (!header && !PARAMETER.matcher(name).matches()) {
            problems.add(at, name, PARAMETER_EXPECTED);
        }
    }

    FieldEdits headers(List<io.tollgate.proto.config.v1.FieldEdit> edits) {
        return FieldEdits.ofHeaders(list(edits, TemplateEscape.NONE));
    }

    FieldEdits parameters(List<io.tollgate.proto.config.v1.FieldEdit> edits) {
        return FieldEdits.ofParameters(list(edits, TemplateEscape.QUERY));
    }

    private static List<FieldEdit> list(List<io.tollgate.proto.config.v1.FieldEdit> edits, TemplateEscape escape) {
        List<FieldEdit> list = new ArrayList<>(edits.size());
        for (io.tollgate.proto.config.v1.FieldEdit edit : edits) {
            String name = edit.getName();
            list.add(
                    switch (edit.getAction()) {
                        case FIELD_EDIT_ACTION_ADD -> new FieldEdit.Add(name, value(edit, escape));
                        case FIELD_EDIT_ACTION_SET -> new FieldEdit.Set(name, value(edit, escape));
                        case FIELD_EDIT_ACTION_APPEND -> new FieldEdit.Append(name, value(edit, escape));
                        case FIELD_EDIT_ACTION_RENAME -> new FieldEdit.Rename(name, edit.getValue());
                        default -> new FieldEdit.Remove(name);
                    });
        }
        return list;
    }

    private static Template value(io.tollgate.proto.config.v1.FieldEdit edit, TemplateEscape escape) {
        return TemplateText.compile(edit.getValue(), escape);
    }
}
