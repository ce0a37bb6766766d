package fanout.app.sinks;

import static java.nio.charset.StandardCharsets.UTF_8;

import fanout.app.json.Json;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * Finds the row for which a database has refused several. Nothing that it tries stays.
 *
 * @param open in no transaction
 * @param rows as JSON
 */
record RefusedRow(Connection open, PostgresStatements statements, List<String> rows) {

    /** Returns why the rows were refused, and the page of the first that is. */
    String words(SQLException refusal) {
        for (String row : rows) {
            try {
                statements.insert(open, List.of(row));
            } catch (SQLException e) {
                return PostgresServer.isPassing(e) ? PostgresServer.reason(refusal)
                        : "the row of " + page(row) + ": " + PostgresServer.reason(e);
            }
        }
        return PostgresServer.reason(refusal);
    }

    private static String page(String row) {
        Optional<JsonNode> read = Json.read(row.getBytes(UTF_8));
        return read.map(columns -> columns.path("_url").asString(columns.path("url").asString(""))).orElse("a page");
    }
}
