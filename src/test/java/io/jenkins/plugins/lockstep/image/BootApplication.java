package io.jenkins.plugins.lockstep.image;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * A real Spring Boot application, compiled and packed by the test as Boot's own plugins pack one, out of the libraries
 * that the build brought to {@code target/spring-boot}.
 *
 * <p>It answers {@code GET /} on its port (the property {@code server.port}, 8080 if it is not set) with
 * {@code GREETING REVISION}: the property {@code greeting} (for example from {@code /config/application.properties}) and
 * the environment variable {@code REVISION}.
 */
public final class BootApplication {

    public static final String START_CLASS = "com.example.cart.Cart";
    public static final String LAUNCHER = "org.springframework.boot.loader.launch.JarLauncher";

    private static final Path LIBRARIES = Path.of("target", "spring-boot");
    private static final String SOURCE =
            """
            package com.example.cart;

            import com.sun.net.httpserver.HttpServer;
            import java.net.InetSocketAddress;
            import java.nio.charset.StandardCharsets;
            import org.springframework.boot.SpringApplication;
            import org.springframework.context.annotation.Bean;
            import org.springframework.context.annotation.Configuration;
            import org.springframework.core.env.Environment;

            @Configuration
            public class Cart {

                public static void main(String[] arguments) {
                    SpringApplication.run(Cart.class, arguments);
                }

                @Bean(destroyMethod = "")
                HttpServer server(Environment environment) throws java.io.IOException {
                    int port = environment.getProperty("server.port", Integer.class, 8080);
                    String greeting = environment.getProperty("greeting", "no greeting");
                    String revision = environment.getProperty("REVISION", "no revision");
                    byte[] answer = (greeting + " " + revision + "\\n").getBytes(StandardCharsets.UTF_8);
                    HttpServer server = HttpServer.create(new InetSocketAddress(port), 0);
                    server.createContext("/", exchange -> {
                        exchange.sendResponseHeaders(200, answer.length);
                        exchange.getResponseBody().write(answer);
                        exchange.close();
                    });
                    server.start();
                    System.out.println("listening on " + server.getAddress().getPort());
                    return server;
                }
            }
            """;

    private BootApplication() {}

    /**
     * Compiles and packs the application.
     *
     * @param work an empty directory for classes
     * @return the entries; the caller may add some and writes the jar
     */
    public static TestJar pack(Path work) throws IOException {
        return pack(work, "BOOT-INF/", LAUNCHER);
    }

    /** Does the same as {@link #pack(Path)} for an executable war. */
    public static TestJar packWar(Path work) throws IOException {
        return pack(work, "WEB-INF/", "org.springframework.boot.loader.launch.WarLauncher");
    }

    private static TestJar pack(Path work, String home, String launcher) throws IOException {
        Path source = work.resolve("src/com/example/cart/Cart.java");
        Files.createDirectories(source.getParent());
        Files.writeString(source, SOURCE);
        Path classes = Files.createDirectories(work.resolve("classes"));
        compile(source, classes);
        Files.writeString(classes.resolve("application.properties"), "spring.main.banner-mode=off\n");

        var jar = new TestJar()
                .withBootManifest(
                        launcher,
                        START_CLASS,
                        "Spring-Boot-Version: 3.5.8",
                        "Spring-Boot-Classes: " + home + "classes/",
                        "Spring-Boot-Lib: " + home + "lib/",
                        "Spring-Boot-Classpath-Index: " + home + "classpath.idx",
                        "Spring-Boot-Layers-Index: " + home + "layers.idx");
        for (Path file : sorted(classes)) {
            jar.with(
                    home + "classes/" + classes.relativize(file).toString().replace('\\', '/'),
                    Files.readAllBytes(file));
        }
        var classpath = new StringBuilder();
        for (Path library : sorted(LIBRARIES)) {
            String name = library.getFileName().toString();
            if (name.startsWith("spring-boot-loader-")) {
                addLoader(jar, library);
            } else {
                jar.with(home + "lib/" + name, Files.readAllBytes(library));
                classpath.append("- \"" + home + "lib/").append(name).append("\"\n");
            }
        }
        return jar.with(home + "classpath.idx", classpath.toString())
                .with(
                        home + "layers.idx",
                        """
                        - "dependencies":
                          - "BOOT-INF/lib/"
                        - "spring-boot-loader":
                          - "org/"
                        - "snapshot-dependencies":
                        - "application":
                          - "BOOT-INF/classes/"
                          - "BOOT-INF/classpath.idx"
                          - "BOOT-INF/layers.idx"
                          - "META-INF/"
                        """
                                .replace("BOOT-INF/", home));
    }

    private static void compile(Path source, Path classes) throws IOException {
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        List<String> classpath = new ArrayList<>();
        for (Path library : sorted(LIBRARIES)) {
            classpath.add(library.toString());
        }
        int result = compiler.run(
                null,
                null,
                null,
                "--release",
                "17",
                "-proc:none",
                "-cp",
                String.join(File.pathSeparator, classpath),
                "-d",
                classes.toString(),
                source.toString());
        if (result != 0) {
            throw new IOException("the application does not compile");
        }
    }

    private static void addLoader(TestJar jar, Path loader) throws IOException {
        try (var zip = new ZipInputStream(Files.newInputStream(loader))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                if (entry.getName().startsWith("org/") && !entry.isDirectory()) {
                    jar.with(entry.getName(), zip.readAllBytes());
                }
            }
        }
    }

    private static List<Path> sorted(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).sorted().toList();
        }
    }
}
