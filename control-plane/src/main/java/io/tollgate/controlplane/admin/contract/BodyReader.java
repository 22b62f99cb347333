package io.tollgate.controlplane.admin.contract;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tollgate.admin.model.Service;
import io.tollgate.controlplane.admin.problem.ProblemException;
import io.tollgate.controlplane.admin.problem.ProblemType;
import io.tollgate.controlplane.catalog.revision.FieldFault;
import jakarta.annotation.Priority;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.ext.MessageBodyReader;
import jakarta.ws.rs.ext.Provider;
import java.io.IOException;
import java.io.InputStream;
import java.lang.annotation.Annotation;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;

/**
 * Reads a JSON body as a model of the contract. The whole body is judged before it is bound, so the caller learns of every invalid field
 * at once, and binding cannot fail. Members that are read only are accepted and dropped: what was read may be sent back. Shared; worker
 * threads.
 */
@Provider
@Consumes(MediaType.APPLICATION_JSON)
@Priority(1)
public class BodyReader implements MessageBodyReader<Object> {
    /** A plan with ten thousand routes by id fits; more is not a thing that a person wrote. */
    static final int BODY_BYTES_MAX = 1 << 20;

    private static final String MODELS = Service.class.getPackageName();

    private final Contract contract;
    private final SchemaJudge judge;
    private final ObjectMapper binder;
    private final JsonMapper reader = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    BodyReader(Contract contract, ObjectMapper binder) {
        this.contract = contract;
        this.judge = new SchemaJudge(contract);
        this.binder = binder;
    }

    @Override
    public boolean isReadable(Class<?> type, Type generic, Annotation[] annotations, MediaType mediaType) {
        return type.getPackageName().equals(MODELS);
    }

    @Override
    public Object readFrom(
            Class<Object> type,
            Type generic,
            Annotation[] annotations,
            MediaType mediaType,
            MultivaluedMap<String, String> headers,
            InputStream body)
            throws IOException {
        JsonNode tree = parse(body.readNBytes(BODY_BYTES_MAX + 1));
        JsonNode schema = contract.schema(type.getSimpleName());
        List<FieldFault> faults = judge.judge(schema, tree, "");
        if (!faults.isEmpty()) {
            throw ProblemException.ofFields(ProblemType.INVALID_FIELD, faults);
        }
        dropReadOnly((ObjectNode) tree, schema);
        return binder.treeToValue(tree, type);
    }

    private JsonNode parse(byte[] body) throws IOException {
        if (body.length > BODY_BYTES_MAX) {
            throw ProblemException.of(
                    ProblemType.CONTENT_TOO_LARGE,
                    "the body is too large (expected: at most " + BODY_BYTES_MAX + " bytes)");
        }
        if (body.length == 0) {
            throw ProblemException.of(ProblemType.BAD_REQUEST, "the body is empty (expected: JSON)");
        }
        try {
            return reader.readTree(body);
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String where = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw ProblemException.of(
                    ProblemType.BAD_REQUEST, "the body is no JSON" + where + ": " + e.getOriginalMessage());
        }
    }

    private static void dropReadOnly(ObjectNode tree, JsonNode schema) {
        for (Map.Entry<String, JsonNode> property : schema.path("properties").properties()) {
            if (property.getValue().path("readOnly").asBoolean()) {
                tree.remove(property.getKey());
            }
        }
    }
}
