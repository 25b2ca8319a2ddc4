/**
 * Failures as problem documents, the same on every server. Start at Problem. Knows neither HTTP resources nor users.
 */
@NullMarked
package org.vivarium.web.json;

import org.jspecify.annotations.NullMarked;
