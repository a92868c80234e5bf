/**
 * Which clusters and registries there are, who may use them, and with which credentials: globally and per folder. It
 * resolves credentials on the controller, and says which permissions guard releases.
 */
@NullMarked
package io.jenkins.plugins.lockstep.jenkins.config;

import org.jspecify.annotations.NullMarked;
