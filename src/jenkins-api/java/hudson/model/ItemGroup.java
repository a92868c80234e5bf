package hudson.model;

import java.util.List;

public interface ItemGroup<T extends Item> {
    String getFullName();

    default <T extends Item> Iterable<T> allItems(Class<T> type) {
        return List.of();
    }

    default <T extends Item> List<T> getAllItems(Class<T> type) {
        throw new UnsupportedOperationException();
    }
}
