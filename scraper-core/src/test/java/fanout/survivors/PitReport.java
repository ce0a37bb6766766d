package fanout.survivors;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.SAXException;

/**
 * What PIT found in one package.
 *
 * @param name of the package, without the root: {@code url}, {@code app.config}
 */
record PitReport(String name, List<PitMutant> mutants) {

    /**
     * Reads a report.
     *
     * @param sources the folder in which the package {@code fanout} is
     */
    static PitReport read(Path xml, String name, Path sources) throws IOException {
        NodeList elements;
        try {
            elements = DocumentBuilderFactory.newDefaultNSInstance()
                    .newDocumentBuilder()
                    .parse(xml.toFile())
                    .getElementsByTagName("mutation");
        } catch (SAXException | ParserConfigurationException e) {
            throw new IOException("not a report of PIT's: " + xml, e);
        }
        List<PitMutant> mutants = new ArrayList<>();
        for (int i = 0; i < elements.getLength(); i++) {
            mutants.add(mutant((Element) elements.item(i), sources));
        }
        return new PitReport(name, List.copyOf(mutants));
    }

    private static PitMutant mutant(Element mutation, Path sources) throws IOException {
        String type = text(mutation, "mutatedClass");
        Path source = sources.resolve(type.substring(0, type.lastIndexOf('.')).replace('.', '/'))
                .resolve(text(mutation, "sourceFile"));
        String line = Files.readAllLines(source).get(Integer.parseInt(text(mutation, "lineNumber")) - 1).strip();
        String change = text(mutation, "description").replaceFirst(" for fanout/.*", "");
        return new PitMutant(type.replaceFirst("^fanout\\.", "") + "." + text(mutation, "mutatedMethod"), line, change,
                mutation.getAttribute("status"));
    }

    private static String text(Element mutation, String name) {
        return mutation.getElementsByTagName(name).item(0).getTextContent();
    }

    long found() {
        return mutants.stream().filter(PitMutant::isFound).count();
    }

    long reached() {
        return mutants.stream().filter(PitMutant::isReached).count();
    }

    List<PitMutant.Survivor> survivors() {
        return mutants.stream().filter(mutant -> !mutant.isFound()).map(PitMutant::survivor).toList();
    }
}
