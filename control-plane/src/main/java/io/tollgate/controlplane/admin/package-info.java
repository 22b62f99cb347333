/**
 * The REST edge: one thin resource per noun that maps, calls the catalog and maps back. What a request must look like is in
 * {@code contract}, how answers are made in {@code answer}, errors in {@code problem}, who may call in {@code token}; the rules of
 * the nouns are in {@code catalog}. Nothing depends on this room. Worker threads only.
 */
@NullMarked
package io.tollgate.controlplane.admin;

import org.jspecify.annotations.NullMarked;
