package io.jenkins.plugins.lockstep.common;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GlobTest {

    @ParameterizedTest
    @CsvSource({
        "pom.xml, pom.xml, true",
        "pom.xml, module/pom.xml, true",
        "pom.xml, module/pom.xml.bak, false",
        "*.xml, a/b/pom.xml, true",
        "module/*.xml, module/pom.xml, true",
        "module/*.xml, module/sub/pom.xml, false",
        "module/**, module/sub/pom.xml, true",
        "**/pom.xml, pom.xml, true",
        "**/pom.xml, a/b/pom.xml, true",
        "a/**/z, a/z, true",
        "a/**/z, a/b/c/z, true",
        "a?c, abc, true",
        "a?c, a/c, false",
        "a.c, abc, false",
        "[a, [a, true",
        "{a, {a, true"
    })
    void starsStayInADirectoryAndDoubleStarsDoNot(String glob, String path, boolean matches) {
        assertThat(new Glob(glob).matches(path)).isEqualTo(matches);
    }
}
