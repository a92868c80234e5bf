package io.jenkins.plugins.lockstep.deploy;

import org.jspecify.annotations.Nullable;

/**
 * One field that a deploy changes. What a Secret holds is never in here: see {@link SecretMask}.
 *
 * @param path for example {@code spec.template.spec.containers[name=web].image}; a name with a dot or a slash is in
 *     brackets, as in {@code data[app.properties]}
 * @param from as it is, a plain tree; null where there is no such field
 * @param to as it will be, a plain tree; null where there will be no such field
 */
public record FieldChange(String path, @Nullable Object from, @Nullable Object to) {}
