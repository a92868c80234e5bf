package io.jenkins.plugins.lockstep.manifest;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FieldPathTest {

    private static final Map<String, Object> OBJECT = Map.of(
            "metadata", Map.of("labels", Map.of("app.kubernetes.io/name", "web")),
            "spec",
                    Map.of(
                            "containers",
                            List.of(
                                    Map.of("name", "proxy"),
                                    Map.of(
                                            "name",
                                            "app",
                                            "ports",
                                            List.of(Map.of("containerPort", 80), Map.of("containerPort", 81))))));

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '\'',
            value = {
                "spec.containers[1].ports[0].containerPort | spec.containers[1].ports[0].containerPort",
                ".spec.containers[name=\"app\"].image | spec.containers[1].image",
                ".spec.containers[name=\"app\"].ports[containerPort=81,protocol=\"TCP\"].hostPort |"
                        + " spec.containers[1].ports[1].hostPort",
                "spec.containers[name=\"gone\"].image | spec.containers",
                "spec.containers[7].image | spec.containers",
                "metadata.labels[app.kubernetes.io/name] | metadata.labels.app.kubernetes.io/name",
                "spec.nothing.below.it | spec.nothing",
                "'' | ''"
            })
    void aFieldOfAnApiServerIsFoundInTheDocument(String field, String path) {
        assertThat(FieldPath.inDocument(field, OBJECT)).isEqualTo(path);
    }
}
