package jenkins.scm.api.mixin;

import java.io.Serializable;
import jenkins.scm.api.SCMHeadOrigin;

public interface SCMHeadMixin extends Serializable {
    String getName();

    SCMHeadOrigin getOrigin();
}
