package io.tollgate.controlplane.catalog.revision;

import java.util.List;

/** The nodes' compiler refuses the configuration that a write would make. Immutable. */
public final class ConfigurationRefused extends CatalogException {
    private final transient List<ObjectFault> faults;

    public ConfigurationRefused(List<ObjectFault> faults) {
        super("the nodes would refuse this configuration");
        this.faults = List.copyOf(faults);
    }

    public List<ObjectFault> faults() {
        return faults;
    }
}
