package hudson;

public class Util {

    public static String fixEmptyAndTrim(String s) {
        return s == null || s.isBlank() ? null : s.trim();
    }
}
