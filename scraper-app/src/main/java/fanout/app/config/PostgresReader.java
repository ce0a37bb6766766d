package fanout.app.config;

import fanout.app.config.document.Problems;
import fanout.app.config.document.YamlNode;
import fanout.app.config.schema.Section;
import fanout.job.Secrets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads a destination that is a table of a PostgreSQL database. */
record PostgresReader(Problems problems) {

    private static final List<String> OWN = List.of("user", "password", "mode", "key");
    private static final List<String> OF_FILES = List.of("format", "separator", "bom", "guard");
    private static final Pattern URL = Pattern.compile("jdbc:postgresql://([^/?#@\\s]+)/([^/?#@\\s]+)(?:\\?(\\S*))?");
    /** How the server is reached. Others would change what the crawl relies on, or have a secret in them. */
    private static final List<String> PARAMETERS = List.of("ApplicationName", "currentSchema", "gssEncMode", "ssl",
            "sslcert", "sslkey", "sslmode", "sslrootcert", "targetServerType");
    private static final String UPSERT = "upsert";
    private static final String POSITIONS = "scraper_positions";

    /** Returns whether a destination has no key that is for databases alone; if it has one, that is a problem. */
    static boolean isFree(Section file, Problems problems) {
        Optional<String> strange = OWN.stream().filter(file::has).findFirst();
        strange.ifPresent(key -> problems.add(file.keyAt(key),
                key + " is for a database, as in {jdbc: \"jdbc:postgresql://localhost/shop\"}; take it out"));
        return strange.isEmpty();
    }

    /** @param key {@code pages} or {@code items} */
    Optional<Output> read(String key, Section table) {
        Optional<String> strange = OF_FILES.stream().filter(table::has).findFirst();
        strange.ifPresent(other -> problems.add(table.keyAt(other), other + " is for files; take it out"));
        boolean upserts = table.text("mode").filter(UPSERT::equals).isPresent();
        List<String> keys = table.texts("key").stream().map(YamlNode.Scalar::text).toList();
        if (upserts == keys.isEmpty()) {
            problems.add(upserts ? table.at("mode") : table.keyAt("key"), upserts
                    ? "mode: upsert needs key, the columns by which a row is found, as in key: [sku]"
                    : "key is for mode: upsert; write that too, or take key out");
            return Optional.empty();
        }
        String name = table.text("table").orElse(key);
        if (name.equals(POSITIONS)) {
            problems.add(table.at("table"), "the table " + name + " is not for rows; give it another name");
            return Optional.empty();
        }
        Optional<String> user = table.text("user");
        Optional<Secrets.Secret> password =
                table.scalar("password").map(node -> new Secrets.Secret(node.text(), List.of()));
        password.map(Secrets.Secret::value).ifPresent(problems::hide);
        return strange.isPresent() ? Optional.empty()
                : table.scalar("jdbc")
                        .filter(this::isUrl)
                        .map(url -> new Output.Postgres(url.text(), user, password, name, keys));
    }

    /** Returns whether it is the URL of a database, without a login; if not, it is a problem. */
    private boolean isUrl(YamlNode.Scalar node) {
        Matcher url = URL.matcher(node.text());
        if (!url.matches()) {
            boolean hasLogin = node.text().contains("@");
            problems.add(node.at(), hasLogin ? "jdbc must have no login in it; write user and password as keys"
                    : "jdbc must be the URL of a PostgreSQL database, as in jdbc:postgresql://localhost:5432/shop");
            return false;
        }
        Optional<String> unknown = Arrays.stream(Optional.ofNullable(url.group(3)).orElse("").split("&", -1))
                .map(parameter -> parameter.split("=", 2)[0])
                .filter(name -> !name.isEmpty() && !PARAMETERS.contains(name))
                .findFirst();
        unknown.ifPresent(name -> problems.add(node.at(), "user".equals(name) || "password".equals(name)
                ? "jdbc must have no login in it; write user and password as keys"
                : "jdbc may not have the parameter " + name + "; it may have "
                        + String.join(", ", new TreeSet<>(PARAMETERS))));
        return unknown.isEmpty();
    }
}
