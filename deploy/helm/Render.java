import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Lints a chart, then renders it, by Helm as a library: {@code Render CHART [VALUES OUTPUT]…}. Each file of values
 * gives one file of manifests. Where Helm refuses the values, the output holds its words after {@code refused: }.
 */
void main(String[] arguments) throws IOException {
    Path chart = Path.of(arguments[0]);
    LintResult lint = new Helm(chart).lint().strict().call();
    lint.getMessages().forEach(IO::println);
    if (lint.isFailed()) {
        System.exit(1);
    }
    for (int i = 1; i < arguments.length; i += 2) {
        Files.writeString(Path.of(arguments[i + 1]), manifests(chart, Path.of(arguments[i])));
    }
}

String manifests(Path chart, Path values) {
    try {
        return new Helm(chart)
                .template()
                .withName("scraper")
                .withNamespace("crawling")
                .withKubeVersion("1.31.0")
                .withValuesFile(values)
                .call();
    } catch (IllegalStateException e) {
        return "refused: " + e.getMessage() + "\n";
    }
}
