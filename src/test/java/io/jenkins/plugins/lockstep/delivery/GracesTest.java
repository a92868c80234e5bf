package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.deploy.Graces;
import io.jenkins.plugins.lockstep.project.Environment;
import io.jenkins.plugins.lockstep.project.Project;
import io.jenkins.plugins.lockstep.project.ProjectReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Which graces hold: those of the option, then of the environment, then of the file, then the defaults. */
class GracesTest {

    @Test
    void theNearestOneWinsNameByName() {
        Project project = read(
                """
                graces: { scheduling: 10m, quota: 1m, exits: 5, mount: 2m }
                environments:
                  base:    { abstract: true, graces: { quota: 2m, mount: 3m } }
                  staging: { extends: base, graces: { mount: 4m } }
                  other:   {}
                """);

        assertThat(graces(project.environment("staging"), Map.of("mount", "5s")))
                .isEqualTo(
                        Graces.DEFAULT.with(Map.of("scheduling", "10m", "quota", "2m", "exits", "5", "mount", "5s")));
        assertThat(graces(project.environment("other"), Map.of()).quota()).isEqualTo(Duration.ofMinutes(1));
        assertThat(project.environment("staging").settings().get("graces.mount").overridden())
                .extracting("environment")
                .containsExactly("base", "every environment");
    }

    @Test
    void theFileKnowsEveryGraceThatThereIs() {
        String all = Graces.NAMES.stream()
                .map(name -> name + ": " + (name.matches("refusedPulls|exits|failedStarts") ? "7" : "7s"))
                .collect(Collectors.joining(", "));

        Environment environment =
                read("environments: { a: { graces: { " + all + " } } }\n").environment("a");

        assertThat(environment.graces()).containsOnlyKeys(Graces.NAMES);
        assertThat(graces(environment, Map.of()).volumeClaim()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void aDeployIsAsPatientAsItsSettingsSay() {
        Environment environment =
                read("environments: { a: { graces: { scheduling: 10m } } }\n").environment("a");
        RolloutSettings settings = RolloutSettings.DEFAULT.over(environment);

        for (RolloutSettings each : List.of(settings, settings.deciding(true, false))) {
            assertThat(ReleaseRun.options(each).graces()).isEqualTo(Graces.DEFAULT.with(Map.of("scheduling", "10m")));
        }
    }

    private static Graces graces(Environment environment, Map<String, String> option) {
        RolloutSettings standard = RolloutSettings.DEFAULT;
        var settings = new RolloutSettings(
                standard.timeout(), standard.lockTimeout(), true, false, false, Overrides.NONE, option);
        return Graces.DEFAULT.with(settings.over(environment).graces());
    }

    private static Project read(String rest) {
        String file =
                "apiVersion: lockstep/v1\napp: cart\nimage: { repository: r.example.com/cart, base: scratch, layers: [{"
                        + " from: a, to: /a }] }\n" + rest;
        return new ProjectReader().read("lockstep.yaml", file.getBytes(StandardCharsets.UTF_8));
    }
}
