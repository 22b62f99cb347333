package io.tollgate.controlplane.admin.answer;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Set;

/**
 * The nested settings of a model as the JSON document that its row keeps: the members of the contract by their own names, defaults
 * filled in, what is absent left out. Immutable functions.
 */
public final class SettingsDocument {
    private static final TypeReference<Map<String, Object>> MEMBERS = new TypeReference<>() {};
    private static final ObjectMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .defaultPropertyInclusion(JsonInclude.Value.ALL_NON_NULL)
            .build();

    private SettingsDocument() {}

    /** All members of a model but those that have columns of their own. */
    public static Map<String, Object> of(Object model, Set<String> columns) {
        Map<String, Object> members = asStored(JSON, model);
        members.keySet().removeAll(columns);
        return members;
    }

    /**
     * The members of a model with numbers of the kind that they have once they are read back: a small number of a wide member is
     * an int then. Were it a long before, its row would seem to have changed as soon as it was written.
     */
    static Map<String, Object> asStored(ObjectMapper mapper, Object model) {
        try {
            return mapper.readValue(mapper.writeValueAsBytes(model), MEMBERS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A value of {@code type} with the members of both. */
    public static <T> T to(Class<T> type, Map<String, Object> some, Object others) {
        Map<String, Object> members = JSON.convertValue(others, MEMBERS);
        members.putAll(some);
        return JSON.convertValue(members, type);
    }

    /** Sets the document's members in a model. */
    static <T> T into(T model, Map<String, Object> document) {
        try {
            return JSON.readerForUpdating(model).readValue(JSON.writeValueAsBytes(document));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("settings that the contract does not have", e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
