package hudson;

public class Util {

    public static String fixEmptyAndTrim(String s) {
        return s == null || s.isBlank() ? null : s.trim();
    }

    public static boolean isOverridden(Class<?> base, Class<?> derived, String methodName, Class<?>... types) {
        try {
            return derived.getMethod(methodName, types).getDeclaringClass() != base;
        } catch (NoSuchMethodException e) {
            throw new IllegalArgumentException(e);
        }
    }
}
