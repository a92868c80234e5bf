package hudson.model;

import java.util.List;

public interface ItemGroup<T extends Item> {
    String getFullName();

    default <T extends Item> Iterable<T> allItems(Class<T> type) {
        return List.of();
    }
}
