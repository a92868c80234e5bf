/**
 * Revisions out of Mercurial, read by the program {@code hg}: the one package that knows it.
 *
 * <p>May depend on {@code common} and {@code revision}. One process answers all questions about an open repository
 * ({@code CommandServer}). It reads no configuration file, neither the person's nor the repository's: no hook, alias,
 * extension, filter or merge tool can run, and none can change an answer. It never goes to the network and never writes
 * what a person would commit; like every {@code hg status} it may write down times of files in {@code .hg/dirstate} and
 * keep caches in {@code .hg/cache}.
 *
 * <p>What a user types never becomes part of a query: names are looked up in lists, and what queries are made of are ids of
 * 40 hex digits and numbers.
 */
@NullMarked
package io.jenkins.plugins.lockstep.revision.hg;

import org.jspecify.annotations.NullMarked;
