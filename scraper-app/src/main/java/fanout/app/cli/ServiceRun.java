package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.ServiceSettings;
import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import fanout.app.run.ExitCode;
import fanout.app.service.Service;
import fanout.app.service.access.ApiToken;
import fanout.app.signal.Readiness;
import fanout.app.signal.Signals;
import fanout.app.terminal.Terminal;
import fanout.job.Cidr;
import fanout.job.Network;
import fanout.url.AddressName;
import fanout.url.Host;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A service that runs until a signal, as {@code serve} and {@code demo --serve} start it.
 *
 * @param host as the user gave it
 * @param data where its crawls are kept
 * @param halt ends the process at once
 */
record ServiceRun(String host, Path data, Optional<ApiToken> token, Terminal terminal, Consumer<ExitCode> halt) {

    /** The delay of the bundled job, and one with which its crawl can be watched. */
    private static final String QUICK = "delay: 10ms";
    private static final String SLOW = "delay: 400ms";

    /** What a service begins with. */
    @FunctionalInterface
    private interface Beginning {
        void in(Service service) throws IOException;
    }

    /**
     * Runs it to its end.
     *
     * @throws java.net.BindException if the address is in use
     * @throws fanout.app.store.DataFolder.InUseException if another service has the folder
     */
    ExitCode run(ServiceSettings settings, InetSocketAddress address) throws IOException, InterruptedException {
        return run(settings, address, _ -> {});
    }

    /** The same, with a crawl of the shop to begin with. */
    ExitCode runWithShop(ServiceSettings settings, InetSocketAddress address, DemoShop shop)
            throws IOException, InterruptedException {
        return run(reachingTheShop(settings), address, service -> submit(service, shop));
    }

    private ExitCode run(ServiceSettings settings, InetSocketAddress address, Beginning beginning)
            throws IOException, InterruptedException {
        Readiness systemd = new Readiness(Optional.ofNullable(System.getenv("NOTIFY_SOCKET")));
        try (StopDeadline deadline = new StopDeadline(StopDeadline.Times.of(settings.shutdownGrace()), halt);
                Service service = Service.open(settings, Service.Listening.at(address), data, token);
                Signals _ = Signals.answer(() -> stop(service, deadline, systemd), () -> stopNow(service, deadline),
                        () -> halt.accept(ExitCode.INTERRUPTED))) {
            terminal.line("scraper: serving at http://" + shown(service.address()) + "/, data in " + data);
            beginning.in(service);
            service.run(systemd::ready);
            terminal.line("scraper: stopped");
            return ExitCode.FINISHED;
        }
    }

    /** All addresses are shown as they were given: the system's own words for 0.0.0.0 are those for IPv6. */
    private String shown(InetSocketAddress address) {
        boolean isAny = address.getAddress().isAnyLocalAddress();
        return new Host(isAny ? host : AddressName.of(address.getAddress()), address.getPort()).toString();
    }

    private void stop(Service service, StopDeadline deadline, Readiness systemd) {
        deadline.begin(service::remaining);
        terminal.line("scraper: stopping: no new crawls, fetches in flight may finish; Ctrl-C again to stop now");
        service.stop();
        systemd.stopping();
    }

    private void stopNow(Service service, StopDeadline deadline) {
        deadline.hasten();
        terminal.line(
                "scraper: stopping now: fetches in flight are given up, results are written; Ctrl-C again to halt");
        service.stopNow();
    }

    /** The settings under which the shop can be reached, which is on this computer. */
    private static ServiceSettings reachingTheShop(ServiceSettings settings) {
        JobBounds bounds = settings.bounds();
        List<Cidr> open = new ArrayList<>(bounds.network().allowedCidrs());
        open.add(Cidr.parse("127.0.0.0/8"));
        return settings.with(new JobBounds(bounds.limits(),
                new Network(bounds.network().allowPrivateAddresses(), open), bounds.proxy(),
                bounds.secrets()));
    }

    /** Submits the bundled job, slow enough to be watched. */
    private static void submit(Service service, DemoShop shop) throws IOException {
        String job = DemoJob.text(shop);
        if (!job.contains(QUICK)) {
            throw new IllegalStateException("the bundled job has another delay than " + QUICK);
        }
        try {
            service.submit(job.replace(QUICK, SLOW).getBytes(UTF_8));
        } catch (BadJobException e) {
            throw new IllegalStateException("the bundled job is not valid in a service", e);
        }
    }
}
