package io.jenkins.plugins.lockstep.jenkins;

import io.jenkins.plugins.lockstep.jenkins.step.OperationStep;
import io.jenkins.plugins.lockstep.jenkins.step.StatusStep;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.kohsuke.stapler.DataBoundConstructor;
import org.kohsuke.stapler.DataBoundSetter;

/** Binds arguments as a controller does: by the names of the data-bound constructor's parameters and setters. */
public final class Bound {

    private Bound() {}

    /** Makes an object of named arguments; each must be one of the constructor's or have a setter. */
    public static <T> T bind(Class<T> type, Map<String, Object> arguments) throws ReflectiveOperationException {
        Constructor<?> constructor = constructor(type);
        Object[] mandatory = Arrays.stream(constructor.getParameters())
                .map(parameter -> arguments.getOrDefault(
                        parameter.getName(), parameter.getType() == int.class ? (Object) 0 : null))
                .toArray();
        try {
            T bound = type.cast(constructor.newInstance(mandatory));
            var rest = new HashSet<>(arguments.keySet());
            rest.removeAll(mandatory(type));
            for (String name : rest) {
                setter(type, name).invoke(bound, arguments.get(name));
            }
            return bound;
        } catch (InvocationTargetException e) {
            throw new AssertionError(e.getCause());
        }
    }

    public static Set<String> mandatory(Class<?> type) {
        var names = new TreeSet<String>();
        for (var parameter : constructor(type).getParameters()) {
            names.add(parameter.getName());
        }
        return names;
    }

    /** Returns a value for each mandatory argument. */
    public static Map<String, Object> examples(Class<?> type) throws ReflectiveOperationException {
        var examples = new HashMap<String, Object>();
        for (var parameter : constructor(type).getParameters()) {
            Object example = parameter.getName();
            if (parameter.getType() == int.class) {
                example = 7;
            } else if (parameter.getType() == OperationStep.class) {
                example = new StatusStep();
            }
            examples.put(parameter.getName(), example);
        }
        return examples;
    }

    public static Set<String> optional(Class<?> type) {
        var names = new TreeSet<String>();
        for (Method method : type.getMethods()) {
            if (method.isAnnotationPresent(DataBoundSetter.class)) {
                String name = method.getName().substring("set".length());
                names.add(name.substring(0, 1).toLowerCase(Locale.ROOT) + name.substring(1));
            }
        }
        return names;
    }

    public static Set<String> fields(Class<?> type) {
        var names = mandatory(type);
        names.addAll(optional(type));
        return names;
    }

    /** Reads a field as a form or the Snippet Generator does: through its getter. */
    public static Object read(Object bound, String name) throws ReflectiveOperationException {
        String property = name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        Class<?> type = bound.getClass();
        Method getter = Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals("get" + property)
                        || method.getName().equals("is" + property))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no getter of " + name));
        return getter.invoke(bound);
    }

    private static Constructor<?> constructor(Class<?> type) {
        return Arrays.stream(type.getConstructors())
                .filter(constructor -> constructor.isAnnotationPresent(DataBoundConstructor.class))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no public data-bound constructor"));
    }

    private static Method setter(Class<?> type, String name) {
        String setter = "set" + name.substring(0, 1).toUpperCase(Locale.ROOT) + name.substring(1);
        return Arrays.stream(type.getMethods())
                .filter(method -> method.getName().equals(setter) && method.isAnnotationPresent(DataBoundSetter.class))
                .findFirst()
                .orElseThrow(() -> new AssertionError(type + " has no data-bound setter of " + name));
    }
}
