package fanout.app.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.config.document.Problems;
import fanout.app.config.schema.Section;
import fanout.job.CrawlJob;
import fanout.job.ExtractRule;
import fanout.job.Field;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks that the rows of a job fit a table of PostgreSQL, as far as that can be known without it. */
record TableColumns(Problems problems, CrawlJob job) {

    private static final int LONGEST_NAME = 63;
    /** Columns of pages that have a value in each row. */
    private static final Set<String> OF_EVERY_PAGE = Set.of("url", "method");
    private static final Set<String> OF_EVERY_ITEM = Set.of("_url", "_rule");

    /** @param section of the job that has them */
    void check(Section section, Outputs outputs) {
        for (Output output : outputs.pages()) {
            if (output instanceof Output.Postgres table) {
                absent(table, OF_EVERY_PAGE).ifPresent(column -> problems.add(section.at("pages"), "key has the column "
                        + column + ", and of pages it may have url and method"));
            }
        }
        for (Output output : outputs.items()) {
            if (output instanceof Output.Postgres table) {
                absent(table, OF_EVERY_ITEM).stream()
                        .flatMap(_ -> table.key().stream())
                        .filter(column -> !OF_EVERY_ITEM.contains(column))
                        .forEach(column -> required(section, column));
                longName().ifPresent(name -> problems.add(section.at("items"), "the field " + name
                        + " cannot be a column of PostgreSQL, whose names have at most " + LONGEST_NAME
                        + " bytes; rename it"));
            }
        }
    }

    private static Optional<String> absent(Output.Postgres table, Set<String> known) {
        return table.key().stream().filter(column -> !known.contains(column)).findFirst();
    }

    /** A row without its key could not be found again. */
    private void required(Section section, String column) {
        List<ExtractRule> rules = job.parsing().extract();
        rules.stream()
                .filter(rule -> rule.fields().stream().noneMatch(field -> isRequired(field, column)))
                .findFirst()
                .ifPresent(rule -> problems.add(section.at("items"), "key has the column " + column
                        + ", and the rule " + rule.name()
                        + " has no required field of that name; write required: true"));
    }

    private static boolean isRequired(Field field, String column) {
        return field.name().equals(column) && field.required();
    }

    private Optional<String> longName() {
        return job.parsing()
                .extract()
                .stream()
                .flatMap(rule -> rule.fields().stream().map(Field::name))
                .filter(name -> name.getBytes(UTF_8).length > LONGEST_NAME)
                .findFirst();
    }
}
