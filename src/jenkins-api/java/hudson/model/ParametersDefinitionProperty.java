package hudson.model;

import java.util.List;
import jenkins.model.OptionalJobProperty;

public class ParametersDefinitionProperty extends OptionalJobProperty<Job<?, ?>> {

    public List<String> getParameterDefinitionNames() {
        throw new UnsupportedOperationException();
    }
}
