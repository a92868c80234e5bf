package io.jenkins.plugins.lockstep.project;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which files are a project's: in doubt it is one of them. */
class ProjectInputsTest {

    private static final Set<String> DIRECTORIES = Set.of("", "services/cart", "services/cart/admin", "services/web");

    @ParameterizedTest
    @CsvSource({
        "services/cart/lockstep.yaml,        true",
        "services/cart/lockstep.lock,        true",
        "services/cart/src/a/B.java,         true",
        "services/cart,                      true", // a submodule
        "services/cart/admin/src/B.java,     false", // another project's
        "services/cart/admin/shared/a.txt,   true", // but named
        "services/cart/admin/shared,         true",
        "services/cart/administrator/a.txt,  true",
        "services/cartography/a.txt,         false",
        "services/web/a.txt,                 false",
        "services,                           true", // a submodule that would hold all of it
        "README.md,                          false",
        "config/shared/app.yaml,             true",
        "config/shared,                      true",
        "config,                             true",
        "config/sharedtoo/app.yaml,          false",
        "assets.tar,                         true",
        "libs/common/src/Common.java,        true",
        "libs/common,                        true", // a submodule
        "libs,                               true", // a submodule that holds it
        "libs/other/a.java,                  false",
        "proto/cart.proto,                   true",
        "proto/v2/cart.proto,                false",
        "proto/cart.proto/x,                 true", // a directory that the glob takes
        "api/v1/deep/cart.json,              true",
        "api/v1/deep/cart.txt,               false",
        "VERSION,                            true",
        "docs/VERSION,                       false",
        "tools/gen/a.py,                     true", // the directory alone was written
        "tools/gen2/a.py,                    false"
    })
    void aFileIsTheProjectsOrNot(String path, boolean expected) {
        var inputs = new ProjectInputs(
                "services/cart/lockstep.yaml",
                new TreeSet<>(Set.of(
                        "config/shared", "services/cart/admin/shared", "assets.tar", "services/cart/target/cart.jar")),
                List.of(
                        source("libs/common/**"),
                        source("proto/*.proto"),
                        source("api/**/*.json"),
                        source("VERSION"),
                        source("tools/gen")));

        assertThat(inputs.contains(path, DIRECTORIES)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({
        "lockstep.yaml,              true",
        "a.txt,                      true",
        "docs/a.txt,                 true",
        "services/a.txt,             true",
        "services/cart/a.txt,        false",
        "services/cart/admin/a.txt,  false"
    })
    void theProjectAtTheTopHasWhatIsNoOthers(String path, boolean expected) {
        var inputs = new ProjectInputs("lockstep.yaml", new TreeSet<>(), List.of());

        assertThat(inputs.contains(path, DIRECTORIES)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"**, a/b.txt, true", "**/*.sql, db/x.sql, true", "**/*.sql, x.sql, true", "*/db/**, a/db/x/y, true"})
    void globsCrossDirectoriesOnlyWhereTheySaySo(String glob, String path, boolean expected) {
        assertThat(source(glob).takes(path)).isEqualTo(expected);
    }

    private static ProjectInputs.Source source(String glob) {
        return new ProjectInputs.Source(glob, glob, "lockstep.yaml:1");
    }
}
