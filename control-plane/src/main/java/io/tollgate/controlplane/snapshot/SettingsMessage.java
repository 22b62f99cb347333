package io.tollgate.controlplane.snapshot;

import com.fasterxml.jackson.databind.JsonNode;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.EnumDescriptor;
import com.google.protobuf.Descriptors.EnumValueDescriptor;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Message;
import java.sql.SQLException;
import java.util.Locale;
import java.util.Map;

/**
 * Nested settings as their JSON documents have them, merged into the messages that nodes get: members and fields have the same
 * names, words and enum values differ in spelling only ({@code least-in-flight}, {@code ..._LEAST_IN_FLIGHT}). Immutable functions.
 */
final class SettingsMessage {
    private SettingsMessage() {}

    /** Sets every field that the document names; one that it names and the message has not is an error. */
    static void merge(JsonNode document, Message.Builder into) throws SQLException {
        Descriptor type = into.getDescriptorForType();
        for (Map.Entry<String, JsonNode> member : document.properties()) {
            FieldDescriptor field = type.findFieldByName(member.getKey());
            if (field == null) {
                throw new SQLException(type.getName() + " has no field " + member.getKey());
            }
            JsonNode value = member.getValue();
            if (field.isRepeated()) {
                for (JsonNode item : value) {
                    into.addRepeatedField(field, value(item, field, into));
                }
            } else if (!value.isNull()) {
                into.setField(field, value(value, field, into));
            }
        }
    }

    private static Object value(JsonNode json, FieldDescriptor field, Message.Builder of) throws SQLException {
        return switch (field.getJavaType()) {
            case INT -> json.intValue();
            case LONG -> json.longValue();
            case BOOLEAN -> json.booleanValue();
            case STRING -> json.textValue();
            case ENUM -> word(json.textValue(), field.getEnumType());
            case MESSAGE -> {
                Message.Builder nested = of.newBuilderForField(field);
                merge(json, nested);
                yield nested.build();
            }
            default -> throw new SQLException(field.getFullName() + " has a type that no setting has");
        };
    }

    private static EnumValueDescriptor word(String word, EnumDescriptor type) throws SQLException {
        String name = type.getName().replaceAll("(?<=[a-z])(?=[A-Z])", "_").toUpperCase(Locale.ROOT) + "_"
                + word.toUpperCase(Locale.ROOT).replace('-', '_');
        EnumValueDescriptor value = type.findValueByName(name);
        if (value == null) {
            throw new SQLException(type.getName() + " has no value " + name);
        }
        return value;
    }
}
