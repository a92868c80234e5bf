/**
 * Structured text: YAML and JSON as plain trees that remember their lines, and JSON in canonical form.
 *
 * <p>May depend on {@code common}; the only place that sees the YAML and JSON libraries.
 *
 * <p>A tree is a {@code LinkedHashMap<String, Object>}, an {@code ArrayList<Object>}, a {@code String}, an
 * {@code Integer}, a {@code Long}, a {@code BigInteger}, a {@code Double}, a {@code Boolean} or {@code null}.
 */
@NullMarked
package io.jenkins.plugins.lockstep.common.document;

import org.jspecify.annotations.NullMarked;
