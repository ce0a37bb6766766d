package fanout.app.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import fanout.app.Screen;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import org.junit.jupiter.api.Test;

class TerminalTest {

    private final StringWriter written = new StringWriter();
    private final Terminal terminal = new Terminal(new PrintWriter(written));

    private List<String> seen() {
        Screen screen = new Screen(20, 5);
        screen.write(written.toString().replaceAll("(?<!\r)\n", "\r\n")); // as the system's terminal driver does
        return screen.lines();
    }

    /** Tests write to a pipe. */
    @Test
    void whatIsNoTerminalHasNoEndOfTheLine() {
        assertThat(Tty.errorWidth()).isEqualTo(Integer.MAX_VALUE);
        assertThat(Tty.outputWidth()).isEqualTo(Integer.MAX_VALUE);
    }

    @Test
    void linesGoAboveWhatIsDrawn() {
        terminal.line("first");
        terminal.draw(List.of("one", "two"), 20);
        terminal.line("second");
        terminal.draw(List.of("eins", "zwei"), 20);

        assertThat(seen()).containsExactly("first", "second", "eins", "zwei");
    }

    @Test
    void whatWasDrawnIsErasedAndTheNextLineTakesItsPlace() {
        terminal.line("first");
        terminal.draw(List.of("one", "two", "three"), 20);
        terminal.draw(List.of("one"), 20);
        assertThat(seen()).containsExactly("first", "one");
        terminal.erase();
        assertThat(seen()).containsExactly("first");
        terminal.line("second");

        assertThat(seen()).containsExactly("first", "second");
    }

    @Test
    void aDrawingAtTheBottomOfTheScreenScrollsOnce() {
        List.of("1", "2", "3", "4", "5", "6").forEach(terminal::line);
        terminal.draw(List.of("one", "two", "three"), 20);
        terminal.draw(List.of("one", "two", "drei"), 20);
        terminal.line("7");
        terminal.draw(List.of("one", "two", "tres"), 20);

        assertThat(seen()).containsExactly("1", "2", "3", "4", "5", "6", "7", "one", "two", "tres");
    }

    @Test
    void aLineThatIsTooLongDoesNotTakeTwoRowsOfTheDrawing() {
        terminal.draw(List.of("x".repeat(50), "two"), 20);
        terminal.draw(List.of("y".repeat(50), "zwei"), 20);

        assertThat(seen()).containsExactly("y".repeat(20), "zwei");
    }

    @Test
    void whatLibrariesWriteToStandardErrorGoesAboveInWholeCleanLines() {
        PrintStream before = System.err;
        terminal.draw(List.of("bar"), 20);
        try (LinesAbove _ = LinesAbove.install(terminal)) {
            System.err.print("half a ");
            System.err.flush();
            assertThat(seen()).containsExactly("bar");
            System.err.println("line\u001b[2J");
            System.err.println("\tat x");
            terminal.erase();
            System.err.print("the end");
        }

        assertThat(System.err).isSameAs(before);
        assertThat(seen()).containsExactly("half a line\\u{1b}[2J", "    at x", "the end");
    }

    @Test
    void whatAUserTypesIsGoneWithTheNextDrawing() {
        terminal.line("first");
        terminal.draw(List.of("one", "two"), 20);
        written.append("typed\r\n\r\n"); // the echo
        terminal.draw(List.of("one", "two"), 20);
        assertThat(seen()).containsExactly("first", "one", "two");
        written.append("\r\n");
        terminal.erase();

        assertThat(seen()).containsExactly("first");
    }

    @Test
    void aDrawingThatHasMovedIsDrawnWhereTheCursorIs() {
        terminal.draw(List.of("one", "two"), 20);
        written.append("another program\r\n");
        terminal.moved();
        terminal.draw(List.of("one", "two"), 20);

        assertThat(seen()).containsExactly("another program", "one", "two");
    }

    @Test
    void aBugIsReportedAboveTheDrawing() {
        terminal.draw(List.of("bar"), 20);
        terminal.internalError(new IllegalStateException("evil\u001b"));

        assertThat(seen()).contains("scraper: internal er").last().isEqualTo("bar");
    }

    @Test
    void nothingIsWrittenWhereNothingIsDrawn() throws InterruptedException {
        terminal.erase();
        terminal.eraseIfPossible(1);

        assertThat(written.toString()).isEmpty();
    }
}
