package io.jenkins.plugins.lockstep.image;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;

/** Compiles classes, as a user's build does. */
public final class TestClasses {

    private final Path sources;
    private final Path classes;
    private final List<String> files = new ArrayList<>();
    private final List<String> classPath = new ArrayList<>();

    private TestClasses(Path sources, Path classes) {
        this.sources = sources;
        this.classes = classes;
    }

    /** Compiles from {@code sources}, which is filled, to {@code classes}. */
    public static TestClasses in(Path sources, Path classes) {
        return new TestClasses(sources, classes);
    }

    /** Adds a class. */
    public TestClasses with(String name, String source) {
        try {
            Path file = sources.resolve(name.replace('.', '/') + ".java");
            Files.createDirectories(file.getParent());
            Files.writeString(file, source);
            files.add(file.toString());
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public TestClasses on(Path library) {
        classPath.add(library.toString());
        return this;
    }

    /** Compiles; returns the directory of the classes. */
    public Path compile() throws IOException {
        Files.createDirectories(classes);
        List<String> arguments = new ArrayList<>(List.of("--release", "17", "-proc:none", "-d", classes.toString()));
        arguments.addAll(List.of("-cp", String.join(File.pathSeparator, classPath)));
        arguments.addAll(files);
        if (ToolProvider.getSystemJavaCompiler().run(null, null, null, arguments.toArray(String[]::new)) != 0) {
            throw new IOException("the classes do not compile");
        }
        return classes;
    }

    /** Adds what was compiled to a jar. */
    public static TestJar pack(Path classes, TestJar jar) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(classes)) {
            files = walk.filter(Files::isRegularFile).sorted().toList();
        }
        for (Path file : files) {
            jar.with(classes.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
        }
        return jar;
    }
}
