package io.jenkins.plugins.lockstep.deploy;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A change as the API server would make it.
 *
 * @param change what is planned
 * @param fields the fields that get another value, those of an object to be created where they were asked for; empty for
 *     what is kept or pruned
 * @param notes what is worth knowing besides, a clause each
 * @param refusal why a deploy could not do it, null where it could as far as that is known
 */
public record ChangeDetail(
        Change change, List<FieldChange> fields, List<String> notes, @Nullable DeliveryException refusal) {

    public ChangeDetail {
        fields = List.copyOf(fields);
        notes = List.copyOf(notes);
    }
}
