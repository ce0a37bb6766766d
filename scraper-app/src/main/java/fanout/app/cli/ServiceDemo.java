package fanout.app.cli;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.BadJobException;
import fanout.app.config.JobBounds;
import fanout.app.config.ServiceSettings;
import fanout.app.demo.DemoJob;
import fanout.app.demo.DemoShop;
import fanout.app.service.Service;
import fanout.job.Cidr;
import fanout.job.Network;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** A service that has something to show: the demo shop, and a crawl of it that takes its time. */
final class ServiceDemo {

    private static final String QUICK = "delay: 10ms";
    private static final String SLOW = "delay: 400ms";

    private ServiceDemo() {}

    /** The settings under which the shop can be reached, which is on this computer. */
    static ServiceSettings reachingTheShop(ServiceSettings settings) {
        JobBounds bounds = settings.bounds();
        List<Cidr> open = new ArrayList<>(bounds.network().allowedCidrs());
        open.add(Cidr.parse("127.0.0.0/8"));
        return settings.with(new JobBounds(bounds.limits(),
                new Network(bounds.network().allowPrivateAddresses(), open), bounds.proxy()));
    }

    /** Submits the bundled job, slow enough to be watched. */
    static void submit(Service service, DemoShop shop) throws IOException {
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
