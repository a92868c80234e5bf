package io.jenkins.plugins.lockstep.jenkins.page;

import com.cloudbees.hudson.plugins.folder.AbstractFolder;
import hudson.Extension;
import hudson.model.Action;
import java.util.Collection;
import java.util.List;
import jenkins.YesNoMaybe;
import jenkins.model.TransientActionFactory;

/** Gives a release board to each folder and multibranch project with a job that has one. */
@Extension(dynamicLoadable = YesNoMaybe.YES)
@SuppressWarnings("rawtypes")
public final class FolderBoardFactory extends TransientActionFactory<AbstractFolder> {

    @Override
    public Class<AbstractFolder> type() {
        return AbstractFolder.class;
    }

    @Override
    public Collection<? extends Action> createFor(AbstractFolder folder) {
        return Boards.get().hasBelow(folder) ? List.of(new FolderBoardAction(folder)) : List.of();
    }
}
