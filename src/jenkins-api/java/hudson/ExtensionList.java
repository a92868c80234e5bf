package hudson;

import java.util.AbstractList;

public class ExtensionList<T> extends AbstractList<T> {

    private ExtensionList() {}

    @Override
    public T get(int index) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int size() {
        throw new UnsupportedOperationException();
    }

    public static <U> U lookupSingleton(Class<U> type) {
        throw new IllegalStateException("there is no controller");
    }

    public static <U> U lookupFirst(Class<U> type) {
        throw new IllegalStateException("there is no controller");
    }
}
