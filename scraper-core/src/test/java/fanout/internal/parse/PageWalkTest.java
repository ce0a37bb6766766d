package fanout.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import fanout.internal.limit.ParseStopped;
import fanout.internal.limit.ParseTime;
import fanout.internal.parse.PageLinks.RobotsDirectives;
import fanout.internal.task.Deadline;
import fanout.internal.task.Ticker;
import java.time.Duration;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PageWalkTest {

    private final PageLinks found = new PageLinks(new RobotsDirectives("bot"));
    private final PageWalk walk =
            new PageWalk(found, new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system())));

    @AfterEach
    void forgetInterrupt() {
        Thread.interrupted();
    }

    @Test
    void ofLinksToThePageItselfTheFirstIsToldAndThoseThatAreNofollow() throws ParseStopped {
        walk.visit(Jsoup
                .parse("""
                        <a href="#a">a</a><a href="#b">b</a><a href="#c" rel=nofollow>c</a><a href="#d" rel=nofollow>d</a>
                        <a href="e">e</a><area href="f"><iframe src="g"></iframe><link rel="x next" href="h"><a name=i>i</a>"""));

        assertThat(found.links()).extracting(FoundLink::href).containsExactly("#a", "#c", "#d", "e", "f", "g", "h");
        assertThat(found.links()).extracting(FoundLink::nofollow)
                .containsExactly(false, true, true, false, false, false, false);
    }

    /** It looks whether it is to end at the first element, and after each 1,024. */
    @Test
    void anInterruptEndsALongWalk() throws ParseStopped {
        walk.visit(interruptingAtItsSecondOf(1_024));
        assertThat(Thread.interrupted()).isTrue();

        PageWalk other = new PageWalk(found, new ParseTime(Deadline.after(Duration.ofMinutes(1), Ticker.system())));
        Element longer = interruptingAtItsSecondOf(1_025);
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> other.visit(longer));
    }

    @Test
    void anInterruptBeforeItEndsAWalkAtOnce() {
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(ParseStopped.class).isThrownBy(() -> walk.visit(new Element("p")));
    }

    private static Element interruptingAtItsSecondOf(int elements) {
        Element root = new Element("div");
        root.appendChild(new Element("p") {
            @Override
            public String normalName() {
                Thread.currentThread().interrupt();
                return super.normalName();
            }
        });
        for (int i = 2; i < elements; i++) {
            root.appendElement("p");
        }
        return root;
    }
}
