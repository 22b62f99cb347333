/**
 * Texts that are filled in from a request: compiled once, evaluated without looking anything up by text.
 *
 * <p>What a request says is asked through {@link io.tollgate.engine.template.TemplateFacts}, which the node implements;
 * where a text may go (path, query, header field, body) decides how values are escaped. Entry class: {@link
 * io.tollgate.engine.template.Template}. All but the facts immutable and shared.
 */
@NullMarked
package io.tollgate.engine.template;

import org.jspecify.annotations.NullMarked;
