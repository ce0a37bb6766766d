package fanout.app.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class JobWarningsTest {

    @Test
    void whatCannotWorkIsNamedWithItsPlace() throws Exception {
        assertThat(JobFiles.read("""
                name: docs
                startUrls: [{url: "http://127.0.0.1/", label: start}]
                scope: {include: ['^/x', '/y'], exclude: ['^/z']}
                follow: [{css: a, label: page}]
                extract:
                  - {name: a, label: start, match: '^/p', fields: {t: {css: h1}}}
                  - {name: b, label: page, fields: {t: {css: h1}}}
                  - {name: a, label: other, fields: {t: {css: h1}}}
                """).warnings()).containsExactly(
                "job.yaml:3:19: include \"^/x\" is found in no URL, because a URL begins with http:// or https://; "
                        + "leave out the ^",
                "job.yaml:3:43: exclude \"^/z\" is found in no URL, because a URL begins with http:// or https://; "
                        + "leave out the ^",
                "job.yaml:6:36: match \"^/p\" is found in no URL, because a URL begins with http:// or https://; "
                        + "leave out the ^",
                "job.yaml:8:12: a second rule is named a; first at line 6; _rule does not tell their items apart",
                "job.yaml:8:22: no page has the label other: no start URL and no follow rule gives it");
    }

    @Test
    void jobWithoutSuchMistakesHasNone() throws Exception {
        assertThat(JobFiles.read(JobFiles.SMALL + "extract: [{name: a, fields: {t: {css: h1}}}]\n").warnings())
                .isEmpty();
    }
}
