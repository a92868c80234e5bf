package io.jenkins.plugins.lockstep.jenkins;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import hudson.Extension;
import java.util.List;
import java.util.stream.Stream;

/** The plugin's own classes, found in the class files. */
public final class Describables {

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("io.jenkins.plugins.lockstep.jenkins");

    private Describables() {}

    public static Stream<JavaClass> classes() {
        return CLASSES.stream();
    }

    /** Everything that a controller finds as an extension. */
    public static List<Class<?>> extensions() {
        return classes()
                .filter(type -> type.isAnnotatedWith(Extension.class))
                .<Class<?>>map(JavaClass::reflect)
                .toList();
    }

    /** What the extensions describe: steps, builders and entries. */
    public static List<Class<?>> described() {
        return extensions().stream()
                .filter(type -> type.getEnclosingClass() != null)
                .<Class<?>>map(Class::getEnclosingClass)
                .toList();
    }
}
