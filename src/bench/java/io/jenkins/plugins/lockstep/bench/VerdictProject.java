package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.TestBed;
import io.jenkins.plugins.lockstep.common.Progress;
import io.jenkins.plugins.lockstep.delivery.Actor;
import io.jenkins.plugins.lockstep.delivery.Delivery;
import io.jenkins.plugins.lockstep.delivery.DeliveryFactory;
import io.jenkins.plugins.lockstep.delivery.DeployRequest;
import io.jenkins.plugins.lockstep.delivery.DeployResult;
import io.jenkins.plugins.lockstep.delivery.ProjectLocation;
import io.jenkins.plugins.lockstep.delivery.RolloutSettings;
import io.jenkins.plugins.lockstep.delivery.Target;
import io.jenkins.plugins.lockstep.revision.GitTestRepository;
import java.nio.file.Path;
import java.util.Map;

/** An application of one pod, each of whose revisions is a new pod. */
final class VerdictProject {

    private final GitTestRepository repository;
    private final String container;
    private final Delivery delivery = new DeliveryFactory(System.getenv()).delivery();

    private VerdictProject(GitTestRepository repository, String container) {
        this.repository = repository;
        this.container = container;
    }

    /** @param container its image and whatever else it is to have, as YAML of the manifest */
    static VerdictProject make(Path directory, String container) {
        return new VerdictProject(
                GitTestRepository.init(directory)
                        .write(
                                "lockstep.yaml",
                                """
                                apiVersion: lockstep/v1
                                app: one
                                image:
                                  repository: %s/bench/one
                                  base: %s
                                  layers:
                                    - { from: app, to: /app }
                                manifests: deploy/
                                environments:
                                  staging: {}
                                """
                                        .formatted(TestBed.registry(), TestBed.base()))
                        .write("app/nothing", "nothing\n"),
                container.contains("command:")
                        ? container
                        : container + "\n          command: [/bin/busybox, sleep, '3600']");
    }

    /** Commits a revision of a number, and builds its image. */
    void commit(int number) throws InterruptedException {
        repository
                .write(
                        "deploy/one.yaml",
                        """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: { name: one }
                        spec:
                          selector: { matchLabels: { app: one } }
                          template:
                            metadata:
                              labels: { app: one }
                              annotations: { bench-revision: r%d }
                            spec:
                              terminationGracePeriodSeconds: 0
                              containers:
                                - name: main
                                  readinessProbe: { exec: { command: [/bin/busybox, 'true'] }, periodSeconds: 1 }
                                  %s
                        """
                                .formatted(number, container))
                .commit("revision " + number);
        delivery.build(location(), new Target.Kubernetes(null, null, null), Progress.NONE);
    }

    DeployResult deploy(String namespace, Map<String, String> graces) throws InterruptedException {
        RolloutSettings usual = RolloutSettings.DEFAULT;
        return delivery.deploy(
                new DeployRequest(
                        location(),
                        "staging",
                        new Target.Kubernetes(TestBed.kubeconfig(), null, namespace),
                        new RolloutSettings(
                                usual.timeout(),
                                usual.lockTimeout(),
                                usual.restoreOnFailure(),
                                usual.takeOwnership(),
                                usual.pruneData(),
                                usual.overrides(),
                                graces),
                        new Actor("bench", null)),
                Progress.NONE);
    }

    Command command(String namespace) {
        return ApplyProject.lockstep(repository.root(), namespace);
    }

    /** Applies the manifest, and waits as its users do. */
    void kubectl(String namespace) throws Exception {
        ApplyProject.kubectl(repository.root(), namespace, "apply", "--server-side", "-f", "deploy")
                .run();
        ApplyProject.kubectl(repository.root(), namespace, "rollout", "status", "deployment/one")
                .run();
    }

    private ProjectLocation location() {
        return new ProjectLocation(repository.root(), Path.of(ProjectLocation.DEFAULT_FILE), null, null);
    }
}
