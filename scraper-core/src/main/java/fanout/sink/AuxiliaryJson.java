package fanout.sink;

import fanout.report.CrawlReport.Auxiliary;
import fanout.report.CrawlReport.FailedSitemap;
import fanout.report.CrawlReport.Fetching;
import fanout.report.CrawlReport.Sitemaps;
import tools.jackson.core.JsonGenerator;

/** The part of a report that is about robots.txt files, sitemaps and logins, as JSON. */
final class AuxiliaryJson {

    private AuxiliaryJson() {}

    static void write(Fetching fetching, JsonGenerator json) {
        Auxiliary robots = fetching.robots();
        Sitemaps sitemaps = fetching.sitemaps();
        json.writeObjectPropertyStart("auxiliary");
        json.writeObjectPropertyStart("robots");
        counts(robots.ok(), robots.failed(), json);
        json.writeEndObject();
        json.writeObjectPropertyStart("sitemaps");
        counts(sitemaps.ok(), sitemaps.failed(), json);
        json.writeArrayPropertyStart("failures");
        sitemaps.failures().forEach(failure -> failure(failure, json));
        json.writeEndArray();
        json.writeEndObject();
        json.writeObjectPropertyStart("logins");
        counts(fetching.logins().ok(), fetching.logins().failed(), json);
        json.writeEndObject();
        json.writeEndObject();
    }

    private static void counts(long ok, long failed, JsonGenerator json) {
        json.writeNumberProperty("ok", ok);
        json.writeNumberProperty("failed", failed);
    }

    private static void failure(FailedSitemap failure, JsonGenerator json) {
        json.writeStartObject();
        json.writeStringProperty("url", failure.url());
        json.writeStringProperty("reason", failure.reason().label());
        json.writeStringProperty("detail", JsonValues.wellFormed(failure.detail()));
        json.writeEndObject();
    }
}
