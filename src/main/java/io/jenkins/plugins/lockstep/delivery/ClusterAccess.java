package io.jenkins.plugins.lockstep.delivery;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/**
 * How to reach a cluster that a front end has configured. It holds credentials, in memory alone: {@link #toString()}
 * says the name. It may be sent to where the cluster is reached from, and must not be stored.
 *
 * @param name what people call it, and what an environment's {@code cluster} names
 * @param server where it is, and who to be there
 * @param namespace where environments live that name none; null for the kubeconfig's, else {@code default}
 * @param allowance what may be written there
 */
public record ClusterAccess(String name, Server server, @Nullable String namespace, Allowance allowance)
        implements Serializable {

    private static final long serialVersionUID = 1L;

    @Override
    public String toString() {
        return "ClusterAccess[" + name + "]";
    }

    /** Where a cluster is, and who to be there. */
    public sealed interface Server extends Serializable {

        /**
         * An API server and a bearer token.
         *
         * @param url for example {@code https://10.0.0.1:6443}
         * @param certificateAuthority PEM text, null for the authorities that Java trusts
         */
        record Api(String url, @Nullable String certificateAuthority, String token) implements Server {

            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                return "Api[]";
            }
        }

        /**
         * A kubeconfig that holds all that it needs: it may name no files and no commands of the machine that reads it, so
         * {@code exec}, {@code auth-provider}, {@code tokenFile}, and certificates and keys that are not {@code -data} are
         * refused.
         *
         * @param text of the file
         * @param context null for its current one
         */
        record Kubeconfig(String text, @Nullable String context) implements Server {

            private static final long serialVersionUID = 1L;

            @Override
            public String toString() {
                return "Kubeconfig[]";
            }
        }
    }
}
