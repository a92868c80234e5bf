package io.jenkins.plugins.lockstep.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Holds the package tree to what each package-info.java says. */
class PackageArchitectureTest {

    private static final String ROOT = "io.jenkins.plugins.lockstep";

    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void everyPackageIsThere() {
        assertThat(CLASSES).hasSizeGreaterThan(100);
    }

    /** Each row: a package, and everything of Lockstep and of others that it may depend on. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    common          |
                    common.document | common ; org.yaml.snakeyaml.. com.google.gson..
                    revision        | common common.document
                    revision.git    | common common.document revision ; org.eclipse.jgit..
                    revision.hg     | common common.document revision
                    manifest        | common common.document revision
                    image           | common common.document revision
                    image.jib       | common common.document image ; com.google.cloud.tools.jib.. com.google.common.. com.google.api.client.. org.apache.http.. org.apache.commons.compress..
                    config          | common common.document revision manifest
                    project         | common common.document image config manifest
                    scaffold        | common common.document revision image manifest project
                    deploy          | common common.document manifest
                    liveimport      | common common.document manifest deploy
                    history         | common common.document revision image manifest deploy
                    bundle          | common common.document revision image manifest project deploy history
                    kube            | common common.document manifest deploy history ; io.kubernetes.. okhttp3.. okio.. org.bouncycastle..
                    directory       | common common.document manifest deploy history
                    delivery        | common common.document revision revision.git revision.hg image image.jib config manifest project scaffold deploy liveimport history bundle kube directory
                    cli             | common common.document revision image manifest config project scaffold deploy history delivery ; picocli..
                    """)
    void aPackageDependsOnWhatItSays(String name, String allowed) {
        List<String> packages =
                new ArrayList<>(List.of(ROOT + "." + name, "java..", "javax..", "org.jspecify.annotations.."));
        String[] halves = (allowed == null ? "" : allowed).split(";", 2);
        Arrays.stream(halves[0].split(" "))
                .filter(part -> !part.isBlank())
                .map(part -> ROOT + "." + part)
                .forEach(packages::add);
        if (halves.length == 2) {
            Arrays.stream(halves[1].split(" ")).filter(part -> !part.isBlank()).forEach(packages::add);
        }
        classes()
                .that()
                .resideInAPackage(ROOT + "." + name)
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(packages.toArray(String[]::new))
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void onlyTheFactoryNamesAdapters() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".delivery")
                .and()
                .doNotHaveFullyQualifiedName(DeliveryFactory.class.getName())
                .and()
                .doNotHaveFullyQualifiedName(DeliveryFactory.class.getName() + "$Adapters")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        ROOT + ".kube",
                        ROOT + ".directory",
                        ROOT + ".revision.git",
                        ROOT + ".revision.hg",
                        ROOT + ".image.jib")
                .check(CLASSES);
    }

    @Test
    void theEngineKnowsNoJenkins() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".jenkins..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "hudson..",
                        "jenkins..",
                        "org.kohsuke..",
                        "org.jenkinsci..",
                        "com.cloudbees..",
                        "jakarta.servlet..",
                        ROOT + ".jenkins..")
                .check(CLASSES);
    }

    @Test
    void jenkinsAndTheCommandLineNeverMeet() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".jenkins..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(ROOT + ".cli..", "picocli..", "io.kubernetes..", "com.google.cloud.tools.jib..")
                .check(CLASSES);
    }

    @Test
    void onlyTheCommandLinePrintsOrExits() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".cli")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .orShould()
                .callMethod(System.class, "exit", int.class)
                .check(CLASSES);
    }

    @Test
    void nothingIsStaticAndMutable() {
        noFields()
                .that()
                .areStatic()
                .should()
                .notHaveModifier(JavaModifier.FINAL)
                .check(CLASSES);
    }
}
