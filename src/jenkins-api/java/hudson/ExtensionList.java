package hudson;

public class ExtensionList<T> {

    private ExtensionList() {}

    public static <U> U lookupSingleton(Class<U> type) {
        throw new IllegalStateException("there is no controller");
    }

    public static <U> U lookupFirst(Class<U> type) {
        throw new IllegalStateException("there is no controller");
    }
}
