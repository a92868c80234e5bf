package io.jenkins.plugins.lockstep.bench;

import io.jenkins.plugins.lockstep.revision.Repository;
import io.jenkins.plugins.lockstep.revision.RepositorySystem;
import io.jenkins.plugins.lockstep.revision.Revision;
import io.jenkins.plugins.lockstep.revision.RevisionFiles;
import io.jenkins.plugins.lockstep.revision.git.GitRepositories;
import io.jenkins.plugins.lockstep.revision.hg.HgRepositories;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A repository of 10,000 commits and of 100,000, of Git and of Mercurial; both are made once and kept. Lockstep opens it anew
 * each time; the peers are whole processes of {@code git} and {@code hg}.
 */
final class ScaleRepositories {

    private static final int FILES = 200;
    private static final int ANCESTORS = 5_000;
    private static final int ROUNDS = 5;

    private final Path kept;

    ScaleRepositories(Path kept) {
        this.kept = kept;
    }

    void measure(Report report) throws Exception {
        for (String system : List.of("git", "hg")) {
            Map<String, Map<String, List<Double>>> few = seconds(system, 10_000);
            Map<String, Map<String, List<Double>>> many = seconds(system, 100_000);
            report.header(
                    "repository of " + system + " of",
                    "10,000 commits, s",
                    "100,000 commits, s",
                    "growth",
                    "`" + system + "` as a process, 100,000 commits, s",
                    "peer / Lockstep");
            many.forEach((what, times) -> {
                List<Double> whole = times.get("lockstep");
                List<Double> tenth = few.get(what).get("lockstep");
                List<Double> peer = times.get("peer");
                report.row(
                        what,
                        Spread.of(tenth).text("%.3f"),
                        Spread.of(whole).text("%.3f"),
                        ScaleTopic.growth(tenth, whole),
                        Spread.of(peer).text("%.3f"),
                        Spread.ofRatios(peer, whole).text("%.1f"));
            });
        }
    }

    private Map<String, Map<String, List<Double>>> seconds(String system, int commits) throws Exception {
        Path root = kept.resolve(system + "-" + commits);
        if (!Files.exists(root.resolve("complete"))) {
            new Command(kept, "rm", "-rf", root.toString()).run();
            if (system.equals("git")) {
                makeGit(root, commits);
            } else {
                makeHg(root, commits);
            }
            Files.writeString(root.resolve("complete"), "");
        }
        RepositorySystem opener =
                system.equals("git") ? new GitRepositories() : new HgRepositories(System.getenv(), List.of());
        boolean git = system.equals("git");
        String tip;
        String old;
        try (Repository repository = opener.open(root)) {
            Revision newest = repository.resolve(git ? "main" : "tip");
            tip = newest.id();
            List<String> all = repository.ancestors(newest, commits - 5);
            old = all.get(all.size() - 1);
        }
        var results = new LinkedHashMap<String, Map<String, List<Double>>>();
        Map<String, String> expressions = new LinkedHashMap<>();
        expressions.put("resolve a full id", tip);
        expressions.put("resolve 12 digits", old.substring(0, 12));
        expressions.put("resolve a branch", git ? "main" : "default");
        expressions.put("resolve a tag", "v1");
        for (Map.Entry<String, String> expression : expressions.entrySet()) {
            results.put(
                    expression.getKey(),
                    race(
                            () -> {
                                try (Repository repository = opener.open(root)) {
                                    repository.resolve(expression.getValue());
                                }
                            },
                            git
                                    ? new Command(root, "git", "rev-parse", expression.getValue() + "^{commit}")
                                    : new Command(
                                            root, "hg", "log", "-r", expression.getValue(), "--template", "{node}")));
        }
        results.put(
                "is the oldest an ancestor of the newest",
                race(
                        () -> {
                            try (Repository repository = opener.open(root)) {
                                require(repository.ancestry(old, tip).relation()
                                        == io.jenkins.plugins.lockstep.revision.Ancestry.Relation.ANCESTOR);
                            }
                        },
                        git
                                ? new Command(root, "git", "merge-base", "--is-ancestor", old, tip)
                                : new Command(
                                        root,
                                        "hg",
                                        "log",
                                        "-r",
                                        "ancestor(" + old + ", " + tip + ")",
                                        "--template",
                                        "{node}")));
        results.put(
                "the newest 5,000 ancestors",
                race(
                        () -> {
                            try (Repository repository = opener.open(root)) {
                                require(repository
                                                .ancestors(repository.resolve(tip), ANCESTORS)
                                                .size()
                                        == ANCESTORS);
                            }
                        },
                        git
                                ? new Command(root, "git", "rev-list", "-n", "" + ANCESTORS, tip)
                                : new Command(
                                        root,
                                        "hg",
                                        "log",
                                        "-r",
                                        "reverse(::" + tip + ")",
                                        "--limit",
                                        "" + ANCESTORS,
                                        "--template",
                                        "{node}\n")));
        results.put(
                "read 200 files at a revision",
                race(
                        () -> {
                            try (Repository repository = opener.open(root)) {
                                RevisionFiles files = repository.files(repository.resolve(tip));
                                List<RevisionFiles.TrackedFile> listed = files.list("config");
                                require(listed.size() == FILES);
                                listed.forEach(file -> files.read(file.path()));
                            }
                        },
                        git
                                ? new Command(root, "git", "archive", "--format=tar", tip, "config")
                                : new Command(root, "hg", "cat", "-r", tip, "path:config")));
        return results;
    }

    private static void require(boolean expected) {
        if (!expected) {
            throw new AssertionError("not the answer that was expected");
        }
    }

    private static Map<String, List<Double>> race(Rounds.Work lockstep, Command peer) throws Exception {
        return new Rounds().with("lockstep", lockstep).with("peer", peer::run).seconds(1, ROUNDS);
    }

    private static void makeGit(Path root, int commits) throws IOException, InterruptedException {
        Files.createDirectories(root);
        new Command(root, "git", "init", "--quiet", "--initial-branch=main").run();
        Path stream = Files.createTempFile("lockstep-bench", ".fast-import");
        try (BufferedWriter out = Files.newBufferedWriter(stream)) {
            for (int i = 1; i <= commits; i++) {
                out.write("commit refs/heads/main\ncommitter Ada <ada@example.com> " + (1_600_000_000L + i * 60L)
                        + " +0000\ndata 2\nc\n\n");
                // The first commits make the files, the others change one each.
                String text = "value " + i + "\n";
                out.write("M 100644 inline config/f" + i % FILES + "\ndata " + text.length() + "\n" + text + "\n");
            }
            out.write("reset refs/tags/v1\nfrom refs/heads/main\n\n");
        }
        new Command(root, "sh", "-c", "git fast-import --quiet < " + stream).run();
        Files.delete(stream);
    }

    /** Commits without files, and one with all. */
    private static void makeHg(Path root, int commits) throws IOException, InterruptedException {
        Files.createDirectories(root.getParent());
        new Command(root.getParent(), "hg", "init", root.getFileName().toString()).run();
        new Command(root, "hg", "debugbuilddag", "--quiet", "+" + (commits - 1)).run();
        new Command(root, "hg", "update", "--quiet", "tip").run();
        Path config = Files.createDirectories(root.resolve("config"));
        for (int i = 0; i < FILES; i++) {
            Files.writeString(config.resolve("f" + i), "value " + i + "\n");
        }
        new Command(root, "hg", "commit", "--quiet", "--addremove", "--message", "files", "--user", "ada").run();
        new Command(root, "hg", "tag", "--local", "v1").run();
    }
}
