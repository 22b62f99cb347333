package io.tollgate.controlplane.admin.answer;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tollgate.controlplane.catalog.directory.Directory;
import io.tollgate.controlplane.catalog.revision.CatalogEntity;
import io.tollgate.controlplane.catalog.revision.Portraits;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;

/** Shows rows of the catalog as the contract has them. Shared; worker threads only. */
@ApplicationScoped
public class ApiPortraits implements Portraits {
    private final Directory directory;
    private final ObjectMapper mapper;

    ApiPortraits(Directory directory, ObjectMapper mapper) {
        this.directory = directory;
        this.mapper = mapper;
    }

    @Override
    public Map<String, Object> of(CatalogEntity entity) {
        return SettingsDocument.asStored(mapper, Models.of(entity, new Names(directory)));
    }

    String json(CatalogEntity entity) {
        return json(Models.of(entity, new Names(directory)));
    }

    /** The entity tag of what {@code json} shows. */
    String tag(CatalogEntity entity, String json) {
        Object model = Models.of(entity, new Names(directory));
        return AcmeModels.forgetHowItFares(model)
                ? EntityTag.of(entity.version(), json, json(model))
                : EntityTag.of(entity.version(), json);
    }

    List<Object> models(List<? extends CatalogEntity> page) {
        Names names = new Names(directory);
        Models.load(page, names);
        return page.stream().map(entity -> Models.of(entity, names)).toList();
    }

    String json(Object model) {
        try {
            return mapper.writeValueAsString(model);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a model that cannot be written: " + model.getClass(), e);
        }
    }
}
