package hudson.remoting;

public class RequestAbortedException extends RemotingSystemException {

    private static final long serialVersionUID = 1L;

    public RequestAbortedException(Throwable cause) {
        super(cause);
    }
}
