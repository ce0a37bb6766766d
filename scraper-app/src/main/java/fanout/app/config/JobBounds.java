package fanout.app.config;

import fanout.job.Http;
import fanout.job.Limits;
import fanout.job.Network;
import java.util.Optional;

/**
 * What a service lets jobs ask for. Immutable.
 *
 * @param limits the most
 * @param network the addresses that a job may open
 * @param proxy the one proxy of all jobs; empty: a job may have none
 */
public record JobBounds(Limits limits, Network network, Optional<Http.Proxy> proxy) {}
