package io.jenkins.plugins.lockstep.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RepositoryPathTest {

    @Test
    void pathsAreRelativeToTheirDirectoryAndMayClimbInsideTheRepository() {
        assertThat(RepositoryPath.resolve("services/cart", "deploy/")).contains("services/cart/deploy");
        assertThat(RepositoryPath.resolve("services/cart", "../shared/./config"))
                .contains("services/shared/config");
        assertThat(RepositoryPath.resolve("", ".")).contains("");
        assertThat(RepositoryPath.resolve("", "a\\b")).contains("a/b");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc", "../../../etc", "a/../../../../x", "C:\\x", "c:x", "\\\\server\\share", "a\0b"})
    void whatLeavesTheRepositoryIsRefused(String path) {
        assertThat(RepositoryPath.resolve("services/cart", path)).isEmpty();
    }

    @Test
    void theParentOfATopLevelFileIsTheRoot() {
        assertThat(RepositoryPath.parent("lockstep.yaml")).isEmpty();
        assertThat(RepositoryPath.parent("a/b/lockstep.yaml")).isEqualTo("a/b");
    }
}
