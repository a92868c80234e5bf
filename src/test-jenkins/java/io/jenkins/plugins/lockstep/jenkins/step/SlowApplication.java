package io.jenkins.plugins.lockstep.jenkins.step;

import com.cloudbees.plugins.credentials.CredentialsScope;
import com.cloudbees.plugins.credentials.SecretBytes;
import com.cloudbees.plugins.credentials.SystemCredentialsProvider;
import io.jenkins.plugins.lockstep.jenkins.config.ClusterEntry;
import io.jenkins.plugins.lockstep.jenkins.config.LockstepConfiguration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jenkinsci.plugins.plaincredentials.impl.FileCredentialsImpl;

/** An application whose pods take a while to be ready, and a real cluster as Jenkins is told of it. */
public final class SlowApplication {

    /** As it stands where {@code LOCKSTEP_TEST_KUBECONFIG} and {@code LOCKSTEP_TEST_REGISTRY} are set. */
    public static final String CLUSTER = "LOCKSTEP_TEST_KUBECONFIG";

    private SlowApplication() {}

    /** Tells Jenkins of the cluster, with the credential that it is given. */
    public static void configureCluster() throws Exception {
        byte[] kubeconfig = Files.readAllBytes(Path.of(System.getenv(CLUSTER)));
        SystemCredentialsProvider.getInstance()
                .getCredentials()
                .add(new FileCredentialsImpl(
                        CredentialsScope.GLOBAL, "bed", "", "config", SecretBytes.fromBytes(kubeconfig)));
        SystemCredentialsProvider.getInstance().save();
        var cluster = new ClusterEntry("bed");
        cluster.setCredentialsId("bed");
        LockstepConfiguration.get().setClusters(List.of(cluster));
    }

    /**
     * Returns a function {@code commit(seconds)} of a Pipeline: it makes a repository of an application that is ready so many
     * seconds after its start.
     */
    public static String commit(String app, String namespace) {
        return """
        def commit(seconds) {
          writeFile file: 'lockstep.yaml', text: \"\"\"apiVersion: lockstep/v1
        app: %s
        image:
          repository: %s/lockstep-steps/%s
          base: %s
          layers:
            - { from: page.txt, to: /page.txt }
          entrypoint: [/bin/sh, -c, "sleep ${seconds}; touch /tmp/ready; sleep 100000"]
        manifests: deploy
        environments:
          staging: { config: config, namespace: %s }
        \"\"\"
          writeFile file: 'page.txt', text: "${seconds}"
          writeFile file: 'config/greeting.txt', text: 'hello'
          writeFile file: 'deploy/app.yaml', text: \"\"\"apiVersion: apps/v1
        kind: Deployment
        metadata: { name: %s }
        spec:
          replicas: 1
          selector: { matchLabels: { app: %s } }
          template:
            metadata: { labels: { app: %s } }
            spec:
              terminationGracePeriodSeconds: 0
              containers:
                - name: app
                  image: lockstep
                  readinessProbe: { exec: { command: [ls, /tmp/ready] }, periodSeconds: 1, failureThreshold: 1 }
        \"\"\"
          sh 'rm -rf .git; git init -q . && git add -A && git -c user.name=ada -c user.email=ada@example.com commit -q -m change'
        }
        """
                .formatted(
                        app,
                        System.getenv("LOCKSTEP_TEST_REGISTRY"),
                        app,
                        System.getenv("LOCKSTEP_TEST_BASE"),
                        namespace,
                        app,
                        app,
                        app);
    }
}
