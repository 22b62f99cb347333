package io.tollgate.controlplane.catalog.audit;

import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was done, or tried, to which object. Immutable.
 *
 * @param action     one word: create, replace, delete, revoke, issue; of a refused attempt the operation of the contract
 * @param objectKind word of the kind of object
 * @param before     the object as the admin API showed it before; absent when it was not there
 * @param after      the object as the admin API shows it afterwards; of a refused attempt why it was refused
 */
public record Deed(
        String action,
        String objectKind,
        @Nullable UUID objectId,
        @Nullable String objectName,
        @Nullable Map<String, Object> before,
        @Nullable Map<String, Object> after) {}
