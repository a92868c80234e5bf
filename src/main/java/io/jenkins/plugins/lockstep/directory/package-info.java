/**
 * A directory that stands in for a cluster: rendered objects as files, and the ledger beside them.
 *
 * <p>May depend on {@code common}, on the ports and values of {@code deploy} and {@code history}, and on {@code
 * manifest}. What runs in a cluster is not imitated: nothing is defaulted, scheduled or started.
 *
 * <pre>
 * objects/NAMESPACE/KIND.GROUP/NAME.yaml   each object as it was applied; `kubectl apply -R -f objects` takes them
 * ledger/APP/ENVIRONMENT/N.json            the releases
 * ledger/objects/HASH.gz                   what they rendered
 * .lockstep/                               what a server would know besides: UIDs and field managers; locks
 * </pre>
 */
@NullMarked
package io.jenkins.plugins.lockstep.directory;

import org.jspecify.annotations.NullMarked;
