package io.jenkins.plugins.lockstep.jenkins.run;

import hudson.model.Job;
import hudson.model.Run;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A build as far as the adapter looks at one; a real one needs a controller. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class Build extends Run {

    private final TestJob job;
    private final int number;

    private Build(TestJob job, int number) throws IOException {
        super(job);
        this.job = job;
        this.number = number;
    }

    /** A build of nothing that anybody looks at. */
    Build() throws IOException {
        this(new TestJob("cart", Path.of("")), 12);
    }

    @Override
    public String getExternalizableId() {
        return "shop/" + job.name + "#" + number;
    }

    @Override
    public int getNumber() {
        return number;
    }

    @Override
    public Run getPreviousBuild() {
        return number == 1 ? null : job.builds[number - 1];
    }

    @Override
    public File getRootDir() {
        return job.directory.resolve(String.valueOf(number)).toFile();
    }

    /** A job whose builds have directories. */
    static final class TestJob extends Job {

        private final String name;
        private final Path directory;
        private final Build[] builds = new Build[20];
        private int newest;

        TestJob(String name, Path directory) {
            super(() -> "shop", name);
            this.name = name;
            this.directory = directory;
        }

        Build build() throws IOException {
            newest++;
            builds[newest] = new Build(this, newest);
            Files.createDirectories(builds[newest].getRootDir().toPath());
            return builds[newest];
        }

        @Override
        public Run getLastBuild() {
            return builds[newest];
        }
    }
}
