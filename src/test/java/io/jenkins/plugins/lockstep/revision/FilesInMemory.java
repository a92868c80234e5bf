package io.jenkins.plugins.lockstep.revision;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** A revision of a few files, for tests of what is made of files; that Git reads them right is tested elsewhere. */
public final class FilesInMemory implements RevisionFiles {

    private final SortedMap<String, byte[]> contents = new TreeMap<>();

    public FilesInMemory with(String path, String content) {
        return with(path, content.getBytes(UTF_8));
    }

    public FilesInMemory with(String path, byte[] content) {
        contents.put(path, content);
        return this;
    }

    @Override
    public boolean exists(String path) {
        return contents.containsKey(path) || !list(path).isEmpty();
    }

    @Override
    public Optional<TrackedFile> file(String path) {
        return contents.containsKey(path) ? Optional.of(new TrackedFile(path, false)) : Optional.empty();
    }

    @Override
    public Optional<String> link(String path) {
        return Optional.empty();
    }

    @Override
    public List<TrackedFile> list(String directory) {
        return contents.keySet().stream()
                .filter(path -> directory.isEmpty() || path.startsWith(directory + "/"))
                .map(path -> new TrackedFile(path, false))
                .toList();
    }

    @Override
    public byte[] read(String path) {
        byte[] content = contents.get(path);
        if (content == null) {
            throw new IllegalArgumentException("no file " + path);
        }
        return content;
    }
}
