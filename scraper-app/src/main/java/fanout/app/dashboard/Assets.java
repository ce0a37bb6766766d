package fanout.app.dashboard;

import fanout.app.service.http.Door;
import fanout.app.service.http.Reply;
import fanout.app.service.http.Route;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/** The files of the dashboard, each a route of its own: there is no path that could lead to another file. Stateless. */
public final class Assets {

    private static final List<String> NAMES = List.of("app.css", "icon.svg", "main.js", "api.js", "dom.js", "live.js",
            "list.js", "crawl.js", "charts.js", "tree.js", "results.js", "report.js", "editor.js", "complete.js",
            "examples.js", "format.js");

    private Assets() {}

    /** All of them. */
    public static List<Route> routes() {
        List<Route> routes = new ArrayList<>();
        routes.add(route("/", "index.html"));
        NAMES.forEach(name -> routes.add(route("/assets/" + name, name)));
        return routes;
    }

    private static Route route(String path, String name) {
        Reply file = Reply.of(200, type(name), bytes(name)).with("Cache-Control", "no-cache");
        return Route.of(Door.PAGE, "GET", path, _ -> file);
    }

    private static byte[] bytes(String name) {
        String file = "/fanout/app/dashboard/" + name;
        try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(file), file)) {
            return in.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String type(String name) {
        return switch (name.substring(name.lastIndexOf('.') + 1)) {
            case "html" -> "text/html; charset=utf-8";
            case "css" -> "text/css; charset=utf-8";
            case "js" -> "text/javascript; charset=utf-8";
            case "svg" -> "image/svg+xml";
            default -> throw new IllegalArgumentException("a file without a type: " + name);
        };
    }
}
