package io.jenkins.plugins.lockstep.jenkins.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.invoke.MethodType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds the declarations of {@code src/jenkins-api}, which {@code pom.xml} compiles against, against the real classes:
 * what is declared must be there, with the same descriptor, at the same place or inherited. Private members are ours.
 */
class DeclaredApiTest {

    private static final Path SOURCES = Path.of("src/jenkins-api/java");
    private static final int KIND = Modifier.INTERFACE;
    private static final int VISIBILITY = Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC;

    @TempDir
    static Path classes;

    private static DeclaredClasses declared;

    /** Looks here first for what is declared, and nowhere else than in a controller for the rest. */
    private static final class DeclaredClasses extends URLClassLoader {

        DeclaredClasses(URL url) {
            super(new URL[] {url}, DeclaredApiTest.class.getClassLoader());
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            Class<?> loaded = findLoadedClass(name);
            if (loaded == null && getURLs().length > 0 && findResource(name.replace('.', '/') + ".class") != null) {
                loaded = findClass(name);
            }
            return loaded != null ? loaded : super.loadClass(name, resolve);
        }
    }

    @BeforeAll
    static void compile() throws Exception {
        var arguments = new ArrayList<>(List.of(
                "-proc:none",
                "-nowarn",
                "-encoding",
                "UTF-8",
                "-d",
                classes.toString(),
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        try (Stream<Path> sources = Files.walk(SOURCES)) {
            sources.filter(file -> file.toString().endsWith(".java")).forEach(file -> arguments.add(file.toString()));
        }
        assertThat(ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)))
                .isZero();
        declared = new DeclaredClasses(classes.toUri().toURL());
    }

    @AfterAll
    static void close() throws Exception {
        declared.close();
    }

    static Stream<String> names() throws Exception {
        try (Stream<Path> files = Files.walk(classes)) {
            return files
                    .filter(file -> file.toString().endsWith(".class"))
                    .map(file -> classes.relativize(file).toString().replace(java.io.File.separatorChar, '.'))
                    .map(name -> name.substring(0, name.length() - ".class".length()))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void thereAreDeclarations() throws Exception {
        assertThat(names()).hasSizeGreaterThan(30).contains("hudson.model.Run");
    }

    @ParameterizedTest
    @MethodSource("names")
    void everythingDeclaredIsReal(String name) throws Exception {
        Class<?> ours = Class.forName(name, false, declared);
        if (Modifier.isPrivate(ours.getModifiers()) || ours.isAnonymousClass() || ours.isSynthetic()) {
            return;
        }
        Class<?> real = Class.forName(name, false, getClass().getClassLoader());
        assertThat(ours).isNotSameAs(real);
        var wrong = new TreeSet<String>();

        compareTypes(ours, real, wrong);
        for (Field field : ours.getDeclaredFields()) {
            if (isApi(field) && !has(real, field)) {
                wrong.add("field " + field);
            }
        }
        for (Constructor<?> constructor : ours.getDeclaredConstructors()) {
            if (isApi(constructor)
                    && Arrays.stream(real.getDeclaredConstructors()).noneMatch(other -> isSame(constructor, other))) {
                wrong.add("constructor " + constructor);
            }
        }
        for (Method method : ours.getDeclaredMethods()) {
            if (isApi(method) && methods(real).stream().noneMatch(other -> isSame(method, other))) {
                wrong.add("method " + method);
            }
        }

        assertThat(wrong).as(name).isEmpty();
    }

    private static void compareTypes(Class<?> ours, Class<?> real, Set<String> wrong) {
        int visibility = KIND | Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC;
        if ((ours.getModifiers() & visibility) != (real.getModifiers() & visibility)
                || ours.isAnnotation() != real.isAnnotation()
                || ours.isEnum() != real.isEnum()) {
            wrong.add("is " + Modifier.toString(ours.getModifiers()) + " and really "
                    + Modifier.toString(real.getModifiers()));
        }
        if (Modifier.isFinal(real.getModifiers()) && !Modifier.isFinal(ours.getModifiers())) {
            wrong.add("is really final");
        }
        if (Modifier.isAbstract(real.getModifiers()) && !Modifier.isAbstract(ours.getModifiers())) {
            wrong.add("is really abstract");
        }
        if (ours.getTypeParameters().length != real.getTypeParameters().length) {
            wrong.add("has other type parameters");
        }
        Set<String> above = new TreeSet<>();
        collectAbove(real, above);
        if (ours.getSuperclass() != null && !above.contains(ours.getSuperclass().getName())) {
            wrong.add("does not really extend " + ours.getSuperclass().getName());
        }
        for (Class<?> type : ours.getInterfaces()) {
            if (!above.contains(type.getName())) {
                wrong.add("does not really implement " + type.getName());
            }
        }
    }

    private static void collectAbove(Class<?> type, Set<String> above) {
        above.add("java.lang.Object");
        if (type.getSuperclass() != null) {
            above.add(type.getSuperclass().getName());
            collectAbove(type.getSuperclass(), above);
        }
        for (Class<?> other : type.getInterfaces()) {
            above.add(other.getName());
            collectAbove(other, above);
        }
    }

    private static boolean isApi(Member member) {
        return !member.isSynthetic() && (member.getModifiers() & (Modifier.PUBLIC | Modifier.PROTECTED)) != 0;
    }

    private static boolean has(Class<?> real, Field field) {
        for (Class<?> type = real; type != null; type = type.getSuperclass()) {
            for (Field other : type.getDeclaredFields()) {
                if (other.getName().equals(field.getName())
                        && other.getType().getName().equals(field.getType().getName())
                        && (other.getModifiers() & VISIBILITY) == (field.getModifiers() & VISIBILITY)) {
                    return true;
                }
            }
        }
        return Arrays.stream(real.getInterfaces()).anyMatch(type -> has(type, field));
    }

    private static List<Method> methods(Class<?> type) {
        var methods = new ArrayList<>(List.of(type.getDeclaredMethods()));
        if (type.getSuperclass() != null) {
            methods.addAll(methods(type.getSuperclass()));
        }
        for (Class<?> other : type.getInterfaces()) {
            methods.addAll(methods(other));
        }
        return methods;
    }

    /** An abstract method of ours may have a body in truth, never the other way round: the adapter would lack it. */
    private static boolean isSame(Executable ours, Executable real) {
        return (ours instanceof Constructor || ours.getName().equals(real.getName()))
                && descriptor(ours).equals(descriptor(real))
                && (ours.getModifiers() & VISIBILITY) == (real.getModifiers() & VISIBILITY)
                && (!Modifier.isAbstract(real.getModifiers()) || Modifier.isAbstract(ours.getModifiers()))
                && (!Modifier.isFinal(real.getModifiers()) || Modifier.isFinal(ours.getModifiers()));
    }

    private static String descriptor(Executable executable) {
        Class<?> result = executable instanceof Method method ? method.getReturnType() : void.class;
        return MethodType.methodType(result, executable.getParameterTypes()).toMethodDescriptorString();
    }
}
