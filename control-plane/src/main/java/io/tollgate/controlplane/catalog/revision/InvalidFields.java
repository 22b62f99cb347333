package io.tollgate.controlplane.catalog.revision;

import java.util.List;

/** Fields of the object break a rule. Immutable. */
public final class InvalidFields extends CatalogException {
    private final transient List<FieldFault> faults;

    public InvalidFields(List<FieldFault> faults) {
        super(faults.size() == 1 ? "one field is invalid" : faults.size() + " fields are invalid");
        this.faults = List.copyOf(faults);
    }

    public List<FieldFault> faults() {
        return faults;
    }
}
