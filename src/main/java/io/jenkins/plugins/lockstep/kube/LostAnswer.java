package io.jenkins.plugins.lockstep.kube;

import io.jenkins.plugins.lockstep.common.document.Json;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Finds out whether a creation or an update took effect whose answer was lost: it did where the live object holds
 * everything that was sent. What must be told apart carries a mark of its own, such as the attempt of a ledger entry or
 * the holder of a lease.
 */
final class LostAnswer {

    /** The server's own, which changes with each write. */
    private static final Set<String> SERVERS = Set.of("resourceVersion", "managedFields", "generation");

    private LostAnswer() {}

    static boolean tookEffect(Map<String, ?> sent, Map<String, ?> live) {
        return sent.entrySet().stream()
                .allMatch(entry -> entry.getKey().equals("metadata")
                        ? holdsMetadata(entry.getValue(), live.get("metadata"))
                        : holds(entry.getValue(), live.get(entry.getKey())));
    }

    private static boolean holdsMetadata(@Nullable Object sent, @Nullable Object live) {
        return sent instanceof Map<?, ?> wanted
                && live instanceof Map<?, ?> there
                && wanted.entrySet().stream()
                        .filter(entry -> !SERVERS.contains(String.valueOf(entry.getKey())))
                        .allMatch(entry -> holds(entry.getValue(), there.get(entry.getKey())));
    }

    private static boolean holds(@Nullable Object sent, @Nullable Object live) {
        if (sent == null) {
            return true;
        }
        if (sent instanceof Map<?, ?> wanted) {
            // The server leaves empty maps and lists out.
            return live instanceof Map<?, ?> there
                    ? wanted.entrySet().stream().allMatch(entry -> holds(entry.getValue(), there.get(entry.getKey())))
                    : live == null && wanted.isEmpty();
        }
        if (sent instanceof Collection<?> wanted) {
            return live instanceof List<?> there ? holdsAll(wanted, there) : live == null && wanted.isEmpty();
        }
        return live == null ? "".equals(sent) : Json.canonical(sent).equals(Json.canonical(live));
    }

    private static boolean holdsAll(Collection<?> wanted, List<?> there) {
        Iterator<?> items = there.iterator();
        return wanted.size() == there.size() && wanted.stream().allMatch(item -> holds(item, items.next()));
    }
}
