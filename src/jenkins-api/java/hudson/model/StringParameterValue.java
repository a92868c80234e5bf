package hudson.model;

public class StringParameterValue extends ParameterValue {

    private static final long serialVersionUID = 1L;

    public String value;

    public StringParameterValue(String name, String value) {
        super(name);
        this.value = value;
    }
}
