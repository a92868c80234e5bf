package io.jenkins.plugins.lockstep.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import io.jenkins.plugins.lockstep.common.Problem;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import io.jenkins.plugins.lockstep.revision.TestRepository;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GitGuardsStoryTest extends GuardsStory {

    @Override
    TestRepository<?> repository(Path directory) {
        return GitTestRepository.init(directory);
    }

    @Test
    void aShallowCloneThatCannotTellIsRefusedUnlessToldTwice(@TempDir Path temporary) throws Exception {
        var git = GitTestRepository.init(temporary.resolve("shop"));
        var shop = SampleProject.in(git, "registry.example.com/shop/cart", "scratch");
        git.write(
                "lockstep.yaml",
                shop.file().replace("config: config/staging }", "config: config/staging, history: forward }"));
        git.commit("first");
        var target = new Target.Directory(temporary.resolve("target"));
        var delivery =
                new DeliveryFactory(Map.of("HOME", temporary.resolve("home").toString())).delivery();
        var actor = new Actor("jane", null);
        delivery.release(
                new DeployRequest(shop.location(), "staging", target, settings(Overrides.NONE), actor), Progress.NONE);
        git.write("app/page.txt", "second\n").commit("second");
        git.write("app/page.txt", "third\n").commit("third");
        var clone = git.cloneTo(temporary.resolve("shallow"), "--depth=1");
        var location = new ProjectLocation(clone.root(), Path.of("lockstep.yaml"), null, null);

        var failure = refused(() -> delivery.release(
                new DeployRequest(location, "staging", target, settings(Overrides.NONE), actor), Progress.NONE));

        assertThat(failure.problem()).isEqualTo(Problem.HISTORY_UNKNOWN);
        assertThat(failure.hint()).contains("git fetch --unshallow");
        var told = new Overrides(true, true, false, null);
        assertThat(delivery.release(
                                new DeployRequest(location, "staging", target, settings(told), actor), Progress.NONE)
                        .release()
                        .remarks())
                .singleElement()
                .asString()
                .contains("could not be told");
    }
}
