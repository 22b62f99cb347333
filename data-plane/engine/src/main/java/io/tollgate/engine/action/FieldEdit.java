package io.tollgate.engine.action;

import io.tollgate.engine.template.Template;

/** One change to a list of fields with names: those of a head, or the parameters of a query. Immutable. */
public sealed interface FieldEdit {
    /** Which fields it is about. */
    String name();

    /** One more field of this name, only when there is none yet. */
    record Add(String name, Template value) implements FieldEdit {}

    /** In place of all of this name. */
    record Set(String name, Template value) implements FieldEdit {}

    /** One more field of this name, whatever there is. */
    record Append(String name, Template value) implements FieldEdit {}

    /** Takes all of this name away. */
    record Remove(String name) implements FieldEdit {}

    /** All of this name get another one, beside those that have it already. */
    record Rename(String name, String newName) implements FieldEdit {}
}
