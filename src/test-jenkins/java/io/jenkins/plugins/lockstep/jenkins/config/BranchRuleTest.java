package io.jenkins.plugins.lockstep.jenkins.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.cloudbees.plugins.credentials.CredentialsScope;
import hudson.model.Item;
import hudson.model.TaskListener;
import hudson.scm.SCM;
import io.jenkins.plugins.lockstep.common.DeliveryException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import jenkins.branch.BranchSource;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadEvent;
import jenkins.scm.api.SCMHeadObserver;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMProbe;
import jenkins.scm.api.SCMProbeStat;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.api.SCMSource;
import jenkins.scm.api.SCMSourceCriteria;
import jenkins.scm.api.SCMSourceDescriptor;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import org.jenkinsci.plugins.workflow.job.WorkflowJob;
import org.jenkinsci.plugins.workflow.job.WorkflowRun;
import org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject;
import org.junit.jupiter.api.Test;
import org.jvnet.hudson.test.JenkinsRule;
import org.jvnet.hudson.test.SingleFileSCM;
import org.jvnet.hudson.test.TestExtension;
import org.jvnet.hudson.test.junit.jupiter.WithJenkins;

/** A real multibranch Pipeline project; its repository is made up, for no plugin with pull requests is at hand. */
@WithJenkins
class BranchRuleTest {

    @Test
    void branchesAndPullRequestsGoByTheRulesOfTheCluster(JenkinsRule jenkins) throws Exception {
        TestCredentials.global(TestCredentials.token(CredentialsScope.SYSTEM, "token", "t"));
        LockstepConfiguration.get()
                .setClusters(List.of(
                        cluster("any", null, false), cluster("prod", "main", false), cluster("preview", "PR-*", true)));
        WorkflowMultiBranchProject judged = project(jenkins, "judged", new JudgingSource());
        WorkflowMultiBranchProject plain = project(jenkins, "plain", new PlainSource());

        assertThat(usable(judged.getItem("main"))).containsExactly("any", "prod");
        assertThat(usable(judged.getItem("feature"))).containsExactly("any");
        // The source trusts a colleague's fork, and not even the repository's own pull request of a stranger.
        assertThat(usable(judged.getItem("PR-1"))).containsExactly("preview");
        assertThat(usable(judged.getItem("PR-2"))).containsExactly("any", "preview");
        assertThat(usable(judged.getItem("PR-3"))).containsExactly("preview");
        // This one never judges: where a pull request comes from decides.
        assertThat(usable(plain.getItem("PR-1"))).containsExactly("any", "preview");
        assertThat(usable(plain.getItem("PR-2"))).containsExactly("preview");
        // The project itself is no branch.
        assertThat(usable(judged)).containsExactly("any", "prod", "preview");

        WorkflowJob pullRequest = judged.getItem("PR-3");
        assertThatThrownBy(() -> Configured.of(pullRequest).cluster("any", pullRequest.getLastBuild()))
                .isInstanceOf(DeliveryException.class)
                .hasMessage("judged/PR-3 may not use cluster 'any': PR-3 is an untrusted pull request");
        assertThatThrownBy(() -> Configured.of(judged.getItem("feature")).cluster("prod", null))
                .hasMessage(
                        "judged/feature may not use cluster 'prod': it is for the branches main, and this is feature");
        pullRequest.getLastBuild().delete();
        assertThatThrownBy(() -> Configured.of(pullRequest).cluster("any", null))
                .hasMessageContaining("the revision of PR-3 is not known");
    }

    private static List<String> usable(Item item) {
        var configured = Configured.of(item);
        return List.of("any", "prod", "preview").stream()
                .filter(name -> {
                    try {
                        configured.cluster(name, null);
                        return true;
                    } catch (DeliveryException e) {
                        return false;
                    }
                })
                .toList();
    }

    private static ClusterEntry cluster(String name, String branches, boolean untrusted) {
        var entry = new ClusterEntry(name);
        entry.setUrl("https://10.0.0.1:6443");
        entry.setCredentialsId("token");
        entry.setBranches(branches);
        entry.setUntrustedPullRequests(untrusted);
        return entry;
    }

    private static WorkflowMultiBranchProject project(JenkinsRule jenkins, String name, SCMSource source)
            throws Exception {
        var project = jenkins.createProject(WorkflowMultiBranchProject.class, name);
        source.setId(name);
        project.getSourcesList().add(new BranchSource(source));
        project.scheduleBuild2(0).getFuture().get();
        jenkins.waitUntilNoActivity();
        assertThat(project.getItems()).extracting(Item::getName).contains("main", "feature", "PR-1", "PR-2", "PR-3");
        for (WorkflowJob job : project.getItems()) {
            WorkflowRun run = job.getLastBuild();
            jenkins.assertBuildStatusSuccess(run);
            assertThat(run.getAction(SCMRevisionAction.class)).isNotNull();
        }
        return project;
    }

    private static final class PullRequest extends SCMHead implements ChangeRequestSCMHead {

        private static final long serialVersionUID = 1L;

        private final SCMHeadOrigin origin;

        PullRequest(String id, SCMHeadOrigin origin) {
            super("PR-" + id);
            this.origin = origin;
        }

        @Override
        public String getId() {
            return getName().substring("PR-".length());
        }

        @Override
        public SCMHead getTarget() {
            return new SCMHead("main");
        }

        @Override
        public SCMHeadOrigin getOrigin() {
            return origin;
        }
    }

    private static final class Revision extends SCMRevision {

        private static final long serialVersionUID = 1L;

        Revision(SCMHead head) {
            super(head);
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Revision revision && revision.getHead().equals(getHead());
        }

        @Override
        public int hashCode() {
            return Objects.hash(getHead());
        }
    }

    /** Branches and pull requests; it leaves the question of trust as it is. */
    public static class PlainSource extends SCMSource {

        private static final List<SCMHead> HEADS = List.of(
                new SCMHead("main"),
                new SCMHead("feature"),
                new PullRequest("1", SCMHeadOrigin.DEFAULT),
                new PullRequest("2", new SCMHeadOrigin.Fork("colleague")),
                new PullRequest("3", new SCMHeadOrigin.Fork("stranger")));

        @Override
        protected void retrieve(
                SCMSourceCriteria criteria, SCMHeadObserver observer, SCMHeadEvent<?> event, TaskListener listener)
                throws IOException, InterruptedException {
            for (SCMHead head : HEADS) {
                if (criteria == null || criteria.isHead(probe(head), listener)) {
                    observer.observe(head, new Revision(head));
                }
            }
        }

        @TestExtension
        public static final class DescriptorImpl extends SCMSourceDescriptor {}

        private static SCMProbe probe(SCMHead head) {
            return new SCMProbe() {

                private static final long serialVersionUID = 1L;

                @Override
                public String name() {
                    return head.getName();
                }

                @Override
                public long lastModified() {
                    return 0;
                }

                @Override
                public SCMProbeStat stat(String path) {
                    return SCMProbeStat.fromType(jenkins.scm.api.SCMFile.Type.REGULAR_FILE);
                }

                @Override
                public void close() {}
            };
        }

        @Override
        public SCM build(SCMHead head, SCMRevision revision) {
            try {
                return new SingleFileSCM("Jenkinsfile", "echo 'built'".getBytes(StandardCharsets.UTF_8));
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        }
    }

    /** Trusts the colleague's fork alone of all pull requests. */
    public static final class JudgingSource extends PlainSource {

        @TestExtension
        public static final class DescriptorImpl extends SCMSourceDescriptor {}

        @Override
        public SCMRevision getTrustedRevision(SCMRevision revision, TaskListener listener) {
            SCMHead head = revision.getHead();
            return head instanceof PullRequest && !head.getName().equals("PR-2")
                    ? new Revision(new SCMHead("main"))
                    : revision;
        }
    }
}
