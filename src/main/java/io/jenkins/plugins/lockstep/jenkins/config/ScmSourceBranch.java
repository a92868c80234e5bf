package io.jenkins.plugins.lockstep.jenkins.config;

import hudson.Util;
import hudson.model.Item;
import hudson.model.Job;
import hudson.model.Run;
import hudson.model.TaskListener;
import java.io.IOException;
import jenkins.scm.api.SCMHead;
import jenkins.scm.api.SCMHeadOrigin;
import jenkins.scm.api.SCMRevision;
import jenkins.scm.api.SCMRevisionAction;
import jenkins.scm.api.SCMSource;
import jenkins.scm.api.mixin.ChangeRequestSCMHead;
import org.jspecify.annotations.Nullable;

/**
 * A branch as the SCM API plugin has it.
 *
 * <p>Branches and tags are trusted: only who may push to the repository makes one. A pull request (merge request,
 * change) is trusted if its source says that the revision itself is the trusted one: that is what decides, too, whether
 * its own Jenkinsfile is run. Many sources never judge, and then one from a fork is not trusted and one from the
 * repository itself is. What can't be found out is not trusted.
 */
final class ScmSourceBranch implements SourceBranch {

    private final Item item;
    private final SCMHead head;

    private ScmSourceBranch(Item item, SCMHead head) {
        this.item = item;
        this.head = head;
    }

    static @Nullable SourceBranch of(Item item) {
        SCMHead head = SCMHead.HeadByItem.findHead(item);
        return head == null ? null : new ScmSourceBranch(item, head);
    }

    @Override
    public String name() {
        return head.getName();
    }

    @Override
    public @Nullable String doubt(@Nullable Run<?, ?> run) {
        if (!(head instanceof ChangeRequestSCMHead)) {
            return null;
        }
        SCMSource source = SCMSource.SourceByItem.findSource(item);
        if (source == null) {
            return "the repository of " + name() + " is not known any more, so nobody vouches for it";
        }
        if (!judges(source)) {
            return head.getOrigin() instanceof SCMHeadOrigin.Default ? null : untrusted();
        }
        SCMRevision revision = revision(source, run);
        if (revision == null) {
            return "the revision of " + name() + " is not known, so nobody vouches for it";
        }
        try {
            return revision.equals(source.getTrustedRevision(revision, TaskListener.NULL)) ? null : untrusted();
        } catch (IOException e) {
            return "whether " + name() + " is trusted can't be found out now: " + e.getMessage();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return "finding out whether " + name() + " is trusted was interrupted";
        }
    }

    /** A source that leaves the method as it is trusts everything, without having thought about it. */
    private static boolean judges(SCMSource source) {
        return Util.isOverridden(
                SCMSource.class, source.getClass(), "getTrustedRevision", SCMRevision.class, TaskListener.class);
    }

    private @Nullable SCMRevision revision(SCMSource source, @Nullable Run<?, ?> run) {
        Run<?, ?> last = run != null ? run : item instanceof Job<?, ?> job ? job.getLastBuild() : null;
        return last == null ? null : SCMRevisionAction.getRevision(source, last);
    }

    private String untrusted() {
        return name() + " is an untrusted pull request";
    }
}
