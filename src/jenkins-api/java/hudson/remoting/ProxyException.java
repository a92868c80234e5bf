package hudson.remoting;

import java.io.IOException;

public class ProxyException extends IOException {

    private static final long serialVersionUID = 1L;

    public ProxyException(Throwable cause) {
        super(cause.toString());
        setStackTrace(cause.getStackTrace());
        if (cause.getCause() != null) {
            initCause(new ProxyException(cause.getCause()));
        }
    }
}
