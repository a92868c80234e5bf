/**
 * The benchmarks behind {@code docs/performance.md}; {@code src/bench/bench} starts them. Each measures Lockstep beside
 * what a user would pick instead, interleaved in one run, on the same work, registry and cluster.
 *
 * <p>Compiled with the tests, whose fixtures it uses; nothing depends on it.
 */
package io.jenkins.plugins.lockstep.bench;
