package fanout.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A command that serves until a signal, in a thread of this process. Closing interrupts it. */
final class RunningCommand implements AutoCloseable {

    private static final int ENDS_WITHIN_SECONDS = 30;

    private final CommandRun run;
    private final FutureTask<Integer> code;
    private final Thread thread;
    private final ServiceClient client;

    private RunningCommand(CommandRun run, FutureTask<Integer> code, Thread thread, ServiceClient client) {
        this.run = run;
        this.code = code;
        this.thread = thread;
        this.client = client;
    }

    /** Starts it, and returns when it serves. */
    static RunningCommand start(Path folder, String... words) {
        CommandRun run = new CommandRun(folder);
        FutureTask<Integer> code = new FutureTask<>(() -> run.run(words));
        Thread thread = Thread.ofPlatform().name("command " + words[0]).start(code);
        try {
            await().atMost(Duration.ofSeconds(ENDS_WITHIN_SECONDS))
                    .pollInterval(Duration.ofMillis(10))
                    .until(() -> ServiceClient.origin(run.err()).isPresent() || !thread.isAlive());
            assertThat(thread.isAlive()).as(run.err()).isTrue();
            return new RunningCommand(run, code, thread,
                    new ServiceClient(ServiceClient.origin(run.err()).orElseThrow()));
        } catch (RuntimeException | Error e) {
            thread.interrupt();
            throw e;
        }
    }

    /** Asks what it serves. */
    ServiceClient client() {
        return client;
    }

    String err() {
        return run.err();
    }

    /** Sends this process the signal that ends a service, which it must be answering. */
    void terminate() throws IOException, InterruptedException {
        assertThat(thread.isAlive()).as(run.err()).isTrue();
        String me = String.valueOf(ProcessHandle.current().pid());
        assertThat(new ProcessBuilder("kill", "-TERM", me).start().waitFor()).isZero();
    }

    int exitCode() throws ExecutionException, InterruptedException, TimeoutException {
        return code.get(ENDS_WITHIN_SECONDS, TimeUnit.SECONDS);
    }

    @Override
    public void close() {
        client.close();
        thread.interrupt();
        await("the end of the command").atMost(Duration.ofSeconds(ENDS_WITHIN_SECONDS)).until(() -> !thread.isAlive());
    }
}
