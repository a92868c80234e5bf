package io.jenkins.plugins.lockstep.scaffold;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/** What of a directory belongs into an image where nothing but the directory tells. */
final class PublishedFiles {

    private static final Set<String> OTHERS = Set.of(
            "node_modules",
            "target",
            "build",
            "dist",
            "out",
            "coverage",
            "test",
            "tests",
            "spec",
            "__tests__",
            "docs",
            "deploy",
            "k8s",
            "kubernetes",
            "manifests",
            "chart",
            "charts",
            "helm",
            "scripts",
            "Makefile",
            "Jenkinsfile",
            "Dockerfile",
            "LICENSE",
            "LICENCE",
            "CHANGELOG",
            "README",
            "lockstep",
            "Procfile",
            "Vagrantfile",
            "Tiltfile");

    /** Hidden files, and those that configure tools. */
    private static final Pattern FOR_TOOLS = Pattern.compile(
            "\\..*|.*\\.(md|lock|log|tgz)|package-lock\\.json|pnpm-.*|lockstep.*"
                    + "|[Dd]ockerfile.*|docker-compose.*|compose\\.ya?ml|.*\\.config\\.[cm]?[jt]s|[tj]sconfig.*\\.json|LICEN[CS]E.*|skaffold\\.ya?ml");

    private final SourceTree tree;

    PublishedFiles(SourceTree tree) {
        this.tree = tree;
    }

    /** Returns the names of files and directories, sorted. */
    List<String> names() {
        return tree.names("").stream()
                .filter(name ->
                        !OTHERS.contains(name) && !FOR_TOOLS.matcher(name).matches())
                .toList();
    }
}
