package io.jenkins.plugins.lockstep.image;

import io.jenkins.plugins.lockstep.common.DeliveryException;
import io.jenkins.plugins.lockstep.common.Problem;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Finds out what {@code from:} names, and takes it apart.
 *
 * <p>A directory holds classes and resources. An archive with {@code Start-Class} is Spring Boot's, and starts itself; one
 * with {@code WEB-INF} is for a servlet container, and so is Spring Boot's where the base has one; any other is a jar that
 * Java starts.
 */
final class ApplicationReader {

    static final String HOME = "/app";

    private final ImageDefinition definition;
    private final ImageDefinition.Application application;
    private final ProjectTree tree;
    private final String image;
    private final OpenSources sources;
    private final ModuleJars modules;

    ApplicationReader(
            ImageDefinition definition,
            ImageDefinition.Application application,
            ProjectTree tree,
            OpenSources sources) {
        this.definition = definition;
        this.application = application;
        this.tree = tree;
        this.image = "image " + definition.name();
        this.sources = sources;
        this.modules = new ModuleJars(application.modules(), sources);
    }

    ApplicationContent read() {
        ApplicationContent content = content();
        modules.requireAllUsed(field("modules"));
        return content;
    }

    private ApplicationContent content() {
        List<Path> from = new ArrayList<>();
        boolean directories = true;
        for (String path : application.from()) {
            Path file = tree.resolve(path, field("from"));
            Path real = tree.follow(file, field("from"));
            if (!Files.exists(real)) {
                throw SourceFiles.missing(file, field("from"));
            }
            directories &= SourceFiles.isDirectory(real);
            from.add(file);
        }
        if (!directories && from.size() > 1) {
            throw DeliveryException.of(Problem.BAD_INPUT, "several files are given for one application")
                    .where(field("from"))
                    .why("of several paths, each has to be a directory of classes or resources")
                    .hint("list libraries under 'dependencies:'; a jar of the application stands alone");
        }
        if (!directories) {
            Path file = from.get(0);
            return archive(file, sources.archive(tree.follow(file, field("from")), field("from")));
        }
        return new ClassDirectories(application.from(), from, tree, field("from"))
                .content(home(), libraries(), modules, application.main(), definition.entrypoint() != null);
    }

    private ApplicationContent archive(Path file, Archive archive) {
        boolean boot = archive.attribute("Start-Class") != null && archive.attribute("Main-Class") != null;
        boolean war = archive.hasBelow("WEB-INF/")
                || Archive.nameOf(file).toLowerCase(Locale.ROOT).endsWith(".war");
        if (war && (!boot || ServletContainer.isMeant(definition.base(), application.root()))) {
            refuseMainAndDependencies("the war");
            return new WarArchive(archive, modules, field("from")).content(webRoot());
        }
        if (boot) {
            refuseMainAndDependencies("the Spring Boot archive");
            return new BootArchive(archive, modules, field("from")).content(home());
        }
        return new RunnableJar(file, archive, tree, field("from"))
                .content(home(), libraries(), modules, application.main(), definition.entrypoint() != null);
    }

    private void refuseMainAndDependencies(String holder) {
        boolean main = application.main() != null;
        if (main || !application.dependencies().isEmpty()) {
            throw DeliveryException.of(
                            Problem.BAD_INPUT,
                            "'" + (main ? "main" : "dependencies") + ":' has no meaning for this application")
                    .where(field(main ? "main" : "dependencies"))
                    .why(holder + " says itself what it starts and holds its libraries")
                    .hint("take the key out");
        }
    }

    private String home() {
        return application.root() == null ? HOME : withoutSlash(application.root());
    }

    private String webRoot() {
        String root = application.root();
        return root != null
                ? withoutSlash(root)
                : ServletContainer.webRoot(definition.base()).orElseThrow(() -> DeliveryException.of(
                                Problem.BAD_INPUT, "nothing says where the war goes in the image")
                        .where(field("appRoot"))
                        .why("'" + definition.base() + "' is not one of the known servlet containers ("
                                + ServletContainer.known() + ")")
                        .hint("write its directory of web applications, for example"
                                + " 'appRoot: /usr/local/tomcat/webapps/ROOT', or choose such a base"));
    }

    private List<Library> libraries() {
        return Library.read(application.dependencies(), tree, field("dependencies"));
    }

    private String field(String key) {
        return image + ": " + key;
    }

    private static String withoutSlash(String path) {
        return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
    }
}
