package org.vivarium.core.config;

import java.util.function.UnaryOperator;

/**
 * What a parameter that is a text may be.
 *
 * @param standard its default
 * @param words what is allowed, after "must be"
 * @param example a value that is allowed and not the default
 * @param check returns its argument as it is to be kept, or throws an {@link IllegalArgumentException} that says what
 *     is wrong with it
 */
public record TextRule(String standard, String words, String example, UnaryOperator<String> check) {}
