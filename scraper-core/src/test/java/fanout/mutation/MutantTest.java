package fanout.mutation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import fanout.internal.task.Channel;
import fanout.internal.task.Ticker;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantTest {

    private static final String ONE_MORE = """
            Says one place more than there is.

            --- fanout/internal/task/Channel.java
            +++ fanout/internal/task/Channel.java
            @@ -1,3 +1,3 @@
                 public int capacity() {
            -        return ring.length;
            +        return ring.length + 1;
                 }
            """;

    @TempDir
    Path patches;

    /** Asks a channel for its size, in whichever world it is loaded. */
    static final class Question implements Callable<Integer> {

        @Override
        public Integer call() {
            return Channel.bounded(3, Ticker.system()).capacity();
        }
    }

    private Path patch(String text) throws IOException {
        return Files.writeString(patches.resolve("one-more.patch"), text);
    }

    private static Path folderOf(Mutant mutant) {
        String classpath = mutant.classpath();
        return Path.of(classpath.substring(0, classpath.indexOf(File.pathSeparatorChar)));
    }

    @Test
    void mutantBehavesOtherwiseAndTheProgramBesideItAsEver() throws Exception {
        try (Mutant mutant = Mutant.of(patch(ONE_MORE)); Mutant unchanged = Mutant.unchanged()) {
            assertThat(mutant.create(Callable.class, Question.class).call()).isEqualTo(4);
            assertThat(unchanged.create(Callable.class, Question.class).call()).isEqualTo(3);
            assertThat(new Question().call()).isEqualTo(3);
            assertThat(mutant.breaks()).isEqualTo("Says one place more than there is.");
        }
    }

    @Test
    void searchAndProgramAreOfOneLoaderAndTheRestIsShared() throws IOException {
        try (Mutant mutant = Mutant.of(patch(ONE_MORE))) {
            Class<?> search = mutant.load(Question.class);
            assertThat(search).isNotEqualTo(Question.class);
            assertThat(search.getClassLoader()).isSameAs(mutant.load(Channel.class).getClassLoader());
            assertThat(Callable.class).isAssignableFrom(search);
        }
    }

    @Test
    void classPathHasTheMutatedClassesInFront() throws Exception {
        try (Mutant mutant = Mutant.of(patch(ONE_MORE))) {
            String classpath = mutant.classpath();
            try (InputStream in = Files.newInputStream(folderOf(mutant).resolve("fanout/internal/task/Channel.class"));
                    InputStream own = Channel.class.getResourceAsStream("Channel.class")) {
                assertThat(in.readAllBytes()).isNotEqualTo(own.readAllBytes());
            }
            assertThat(classpath).endsWith(File.pathSeparator + System.getProperty("java.class.path"));
        }
    }

    @Test
    void closedMutantLeavesNoFolder() throws IOException {
        Path folder;
        try (Mutant mutant = Mutant.of(patch(ONE_MORE))) {
            folder = folderOf(mutant);
            assertThat(folder).isNotEmptyDirectory();
        }
        assertThat(folder).doesNotExist();
    }

    @Test
    void patchThatDoesNotFitIsNamedWithItsHunk() throws IOException {
        Path patch = patch(ONE_MORE + """
                @@ -10,2 +10,2 @@
                     /** Elements under way at that moment. */
                -    public int size() {
                +    public int length() {
                """);
        assertThatIllegalArgumentException().isThrownBy(() -> Mutant.of(patch))
                .withMessageStartingWith("one-more.patch does not fit: fanout/internal/task/Channel.java, hunk 2:")
                .withMessageContaining("at that moment");
    }

    @Test
    void patchThatFitsTwiceIsRefused() throws IOException {
        Path patch = patch(ONE_MORE + """
                @@ -10,2 +10,2 @@
                         lock.lock();
                -        try {
                +        {
                """);
        assertThatIllegalArgumentException().isThrownBy(() -> Mutant.of(patch))
                .withMessageStartingWith(
                        "one-more.patch fits in more than one place: fanout/internal/task/Channel.java, hunk 2:");
    }

    @Test
    void patchThatBreaksTheLanguageIsRefusedWithTheCompilersWord() throws IOException {
        Path patch = patch(ONE_MORE.replace("length + 1", "length + one"));
        assertThatIllegalArgumentException().isThrownBy(() -> Mutant.of(patch))
                .withMessageStartingWith("one-more.patch does not compile:")
                .withMessageContaining("variable one");
    }

    @Test
    void patchWithoutASentenceIsRefused() throws IOException {
        Path patch = patch(ONE_MORE.substring(ONE_MORE.indexOf("---")));
        assertThatIllegalArgumentException().isThrownBy(() -> Mutant.of(patch))
                .withMessage("one-more.patch does not say which sentence it breaks");
    }

    @Test
    void unknownNameIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Mutant.of("no-such-bug"))
                .withMessageContaining("no-such-bug.patch");
    }

    @Test
    void everyPatchOfTheTreeFitsTheSources() {
        assertThat(Mutant.names()).contains("lost-close", "simulation/results-are-never-closed")
                .allSatisfy(name -> assertThat(Mutant.patch(name).applyTo(Mutant.sources())).isNotEmpty());
    }

    @Test
    void patchesForTheRaceHuntCompile() {
        assertThat(Mutant.names().stream().filter(name -> !name.contains("/"))).hasSizeGreaterThan(5)
                .allSatisfy(name -> {
                    try (Mutant mutant = Mutant.of(name)) {
                        assertThat(mutant.breaks()).isNotBlank();
                    }
                });
    }
}
