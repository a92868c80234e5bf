package io.jenkins.plugins.lockstep;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * A test class or method that needs the test bed: a real Kubernetes and a real registry.
 *
 * <p>Without them it is skipped, and the end of the build says so in capitals. {@link TestBed} names what it may use.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target({ElementType.TYPE, ElementType.METHOD})
@Tag(ClusterTest.TAG)
@ExtendWith(ClusterTestCondition.class)
public @interface ClusterTest {

    /** The tag to include or exclude these tests by. */
    String TAG = "cluster";

    /** Whether an API server is needed; false for a test that talks to the registry alone. */
    boolean kubernetes() default true;

    /** Whether pods must really run, which a control plane without a node can't do. */
    boolean pods() default false;
}
