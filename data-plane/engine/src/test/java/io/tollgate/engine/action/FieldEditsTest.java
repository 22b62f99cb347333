package io.tollgate.engine.action;

import static org.assertj.core.api.Assertions.assertThat;

import io.tollgate.engine.fixture.Facts;
import io.tollgate.engine.fixture.Seed;
import io.tollgate.engine.template.Template;
import io.tollgate.engine.template.TemplateEscape;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class FieldEditsTest {
    private static final String[] NAMES = {"a", "A", "b", "C", "c", "d"};

    private record Field(String name, String value) {}

    @Test
    void onePass_randomEdits_isWhatDoingThemInOrderGives() {
        Random random = Seed.random(FieldEditsTest.class);
        for (int round = 0; round < 20_000; round++) {
            boolean folds = random.nextBoolean();
            List<FieldEdit> edits = edits(random);
            List<Field> fields = fields(random);
            FieldEdits compiled = folds ? FieldEdits.ofHeaders(edits) : FieldEdits.ofParameters(edits);
            assertThat(onePass(compiled, fields))
                    .as("%s on %s, case %s", edits, fields, folds ? "folded" : "kept")
                    .isEqualTo(inOrder(edits, fields, folds));
        }
    }

    @Test
    void untouched_name_hasNoSlot() {
        FieldEdits edits = FieldEdits.ofHeaders(List.of(new FieldEdit.Remove("X-Gone")));
        assertThat(edits.slot("X-Gon")).isNegative();
        assertThat(edits.finalName(edits.slot("x-GONE"))).isNull();
    }

    private static List<Field> onePass(FieldEdits edits, List<Field> fields) {
        List<Field> out = new ArrayList<>();
        long seen = 0;
        for (Field field : fields) {
            int slot = edits.slot(field.name());
            if (slot < 0) {
                out.add(field);
                continue;
            }
            seen |= 1L << slot;
            String name = edits.finalName(slot);
            if (name != null) {
                out.add(edits.keepsName(slot) ? field : new Field(name, field.value()));
            }
        }
        long made = 0;
        for (int i = 0; i < edits.additionCount(); i++) {
            FieldEdits.Addition addition = edits.addition(i);
            String value = addition.value().fieldValue(new Facts());
            if (addition.isDue(seen, made) && !value.isEmpty()) {
                made |= 1L << i;
                if (!addition.name().isEmpty()) {
                    out.add(new Field(addition.name(), value));
                }
            }
        }
        return lower(out);
    }

    private static List<Field> inOrder(List<FieldEdit> edits, List<Field> fields, boolean folds) {
        List<Field> now = new ArrayList<>(fields);
        for (FieldEdit edit : edits) {
            if (edit instanceof FieldEdit.Add add) {
                if (now.stream().noneMatch(field -> same(field.name(), add.name(), folds))) {
                    append(now, add.name(), add.value());
                }
            } else if (edit instanceof FieldEdit.Set set) {
                now.removeIf(field -> same(field.name(), set.name(), folds));
                append(now, set.name(), set.value());
            } else if (edit instanceof FieldEdit.Append append) {
                append(now, append.name(), append.value());
            } else if (edit instanceof FieldEdit.Rename rename) {
                now.replaceAll(field ->
                        same(field.name(), rename.name(), folds) ? new Field(rename.newName(), field.value()) : field);
            } else {
                now.removeIf(field -> same(field.name(), edit.name(), folds));
            }
        }
        return lower(now);
    }

    private static void append(List<Field> now, String name, Template value) {
        String text = value.fieldValue(new Facts());
        if (!text.isEmpty()) {
            now.add(new Field(name, text));
        }
    }

    private static boolean same(String one, String other, boolean folds) {
        return folds ? one.equalsIgnoreCase(other) : one.equals(other);
    }

    // Names keep the case in which they were written first or last; which one is of no matter where case is folded.
    private static List<Field> lower(List<Field> fields) {
        return fields.stream()
                .map(field -> new Field(field.name().toLowerCase(java.util.Locale.ROOT), field.value()))
                .toList();
    }

    private static List<FieldEdit> edits(Random random) {
        List<FieldEdit> edits = new ArrayList<>();
        int count = random.nextInt(7);
        for (int i = 0; i < count; i++) {
            String name = name(random);
            // One in four values comes out empty.
            Template value =
                    Template.of(random.nextInt(4) == 0 ? "{request.header.none}" : "v" + i, TemplateEscape.NONE);
            edits.add(
                    switch (random.nextInt(5)) {
                        case 0 -> new FieldEdit.Add(name, value);
                        case 1 -> new FieldEdit.Set(name, value);
                        case 2 -> new FieldEdit.Append(name, value);
                        case 3 -> new FieldEdit.Rename(name, name(random));
                        default -> new FieldEdit.Remove(name);
                    });
        }
        return edits;
    }

    private static List<Field> fields(Random random) {
        List<Field> fields = new ArrayList<>();
        int count = random.nextInt(6);
        for (int i = 0; i < count; i++) {
            fields.add(new Field(name(random), "c" + i));
        }
        return fields;
    }

    private static String name(Random random) {
        return NAMES[random.nextInt(NAMES.length)];
    }
}
