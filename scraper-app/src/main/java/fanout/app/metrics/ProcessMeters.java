package fanout.app.metrics;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.core.instrument.config.MeterFilter;
import io.micrometer.core.instrument.config.MeterFilterReply;
import java.time.Duration;

/** The meters of the JVM and the process. Closing stops listening to the garbage collector; the registry stays open. */
public final class ProcessMeters implements AutoCloseable {

    private static final String CPU_NANOS = "process.cpu.time";
    private static final String CPU_COUNT = "system.cpu.count";
    private static final double NANOS_PER_SECOND = 1e9;

    private final JvmGcMetrics collections = new JvmGcMetrics();

    /** Registers them. */
    public ProcessMeters(MeterRegistry registry) {
        registry.config().meterFilter(new PrometheusNames());
        FunctionCounter.builder("process.cpu", ProcessHandle.current(), ProcessMeters::cpuSeconds)
                .baseUnit("seconds")
                .description("CPU time of the process, user and system")
                .register(registry);
        new ClassLoaderMetrics().bindTo(registry);
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        collections.bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
    }

    private static double cpuSeconds(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos() / NANOS_PER_SECOND;
    }

    /**
     * Leaves out or renames what {@code promtool check metrics} refuses: a unit that is no base unit, and a gauge's
     * {@code _count}.
     */
    private static final class PrometheusNames implements MeterFilter {

        @Override
        public MeterFilterReply accept(Meter.Id id) {
            return id.getName().equals(CPU_NANOS) ? MeterFilterReply.DENY : MeterFilterReply.NEUTRAL;
        }

        @Override
        public Meter.Id map(Meter.Id id) {
            return id.getName().equals(CPU_COUNT) ? id.withName("system.cpus") : id;
        }
    }

    @Override
    public void close() {
        collections.close();
    }
}
