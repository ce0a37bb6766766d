import static java.lang.constant.ConstantDescs.CD_String;
import static java.lang.constant.ConstantDescs.CD_void;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.CodeElement;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.ProtectionDomain;
import java.util.Collections;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Records the classes that one plain page passes: {@code Walk crawl|serve FOLDER}, as an agent of the JVM that it
 * runs in. It serves a page without links on loopback, crawls it by the program on the class path, by
 * {@code crawl} or by a job that is submitted to {@code serve}, and writes the classes to {@code FOLDER/walk}, in
 * the order in which they were first entered.
 *
 * <p>A top-level class of {@code fanout} or a package below it counts if a method of it, or of a class nested in
 * it, is entered after the command has begun, or after the job was sent to the service, and before the page's line
 * is in {@code pages.jsonl}. Constructors and initializers do not count, but the methods that they call do.
 */
public final class Walk {

    private static final String ROOT = "fanout/";
    private static final ClassDesc WALK = ClassDesc.of("Walk");

    /** The classes, in the order of their first entry; guarded by its own monitor. */
    private static final Set<String> ENTERED = Collections.synchronizedSet(new LinkedHashSet<>());

    private static final int ATTEMPTS = 600;
    private static volatile boolean isRecording;
    private static Path folder = Path.of("");

    private Walk() {}

    /** Makes each method of the program report that it was entered. */
    public static void premain(String argument, Instrumentation instrumentation) {
        instrumentation.addTransformer(new ClassFileTransformer() {
            @Override
            public byte[] transform(ClassLoader loader, String name, Class<?> redefined, ProtectionDomain domain,
                    byte[] bytes) {
                if (name == null || !name.startsWith(ROOT)) {
                    return null;
                }
                String topLevel = name.replaceFirst("\\$.*", "").replace('/', '.');
                try {
                    // Not by loading classes, which would define them while they are being defined.
                    ClassFile file = ClassFile.of(ClassFile.ClassHierarchyResolverOption
                            .of(ClassHierarchyResolver.ofResourceParsing(loader)));
                    return file.transformClass(file.parse(bytes), ClassTransform.transformingMethodBodies(
                            method -> !method.methodName().stringValue().startsWith("<"),
                            CodeTransform.ofStateful(() -> reporting(topLevel))));
                } catch (RuntimeException e) {
                    e.printStackTrace(); // the JVM would load the class as it was, which would not be counted
                    Runtime.getRuntime().halt(1);
                    throw e;
                }
            }
        });
    }

    private static CodeTransform reporting(String topLevel) {
        return new CodeTransform() {
            @Override
            public void atStart(CodeBuilder code) {
                code.ldc(topLevel).invokestatic(WALK, "enter", MethodTypeDesc.of(CD_void, CD_String));
            }

            @Override
            public void accept(CodeBuilder code, CodeElement element) {
                code.with(element);
            }
        };
    }

    /** Called by each method of the program, first of all. */
    public static void enter(String topLevel) {
        if (isRecording && !ENTERED.contains(topLevel)) {
            if (hasLine()) {
                isRecording = false;
            } else {
                ENTERED.add(topLevel);
            }
        }
    }

    public static void main(String[] args) throws Exception {
        folder = Path.of(args[1]).toAbsolutePath();
        HttpServer site = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        site.createContext("/", exchange -> {
            try (exchange) {
                boolean isPage = exchange.getRequestURI().getPath().equals("/");
                byte[] page = "<!doctype html><title>A page</title><p>Without links.".getBytes(UTF_8);
                exchange.getResponseHeaders().set("Content-Type", "text/html; charset=utf-8");
                exchange.sendResponseHeaders(isPage ? 200 : 404, page.length);
                exchange.getResponseBody().write(page);
            }
        });
        site.start();
        Path job = Files.writeString(folder.resolve("job.yaml"), """
                name: walk
                startUrls: ["http://127.0.0.1:%d/"]
                network: {allowedCidrs: [127.0.0.0/8]}
                """.formatted(site.getAddress().getPort()));
        Runtime.getRuntime().addShutdownHook(new Thread(Walk::write, "walk-writer"));
        if (args[0].equals("crawl")) {
            isRecording = true;
            program("crawl", job.toString(), "--quiet", "--pages", folder.resolve("pages.jsonl").toString(), "--items",
                    folder.resolve("items.jsonl").toString(), "--report", folder.resolve("report.json").toString());
        } else {
            serve(job);
        }
    }

    private static void program(String... words) throws ReflectiveOperationException {
        Class.forName("fanout.app.Main").getMethod("main", String[].class).invoke(null, (Object) words);
    }

    private static void serve(Path job) throws Exception {
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        Path settings = Files.writeString(folder.resolve("service.yaml"), "network: {allowedCidrs: [127.0.0.0/8]}\n");
        Thread.ofPlatform().daemon().name("walk-submitter").start(() -> {
            int code = 1;
            try {
                submit("http://127.0.0.1:" + port, job);
                code = 0;
            } catch (IOException e) {
                System.err.println("walk: " + e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            System.exit(code);
        });
        program("serve", "--port", String.valueOf(port), "--data", folder.resolve("data").toString(), "--config",
                settings.toString());
    }

    /** Sends the job once the service is ready, and waits until the page's line is written. */
    private static void submit(String service, Path job) throws IOException, InterruptedException {
        try (HttpClient client = HttpClient.newHttpClient()) {
            HttpRequest ready = HttpRequest.newBuilder(URI.create(service + "/health/ready")).build();
            for (int i = 0; !isReady(client, ready); i++) {
                if (i == ATTEMPTS) {
                    throw new IOException("the service is not ready");
                }
                Thread.sleep(50);
            }
            isRecording = true;
            HttpResponse<String> answer = client.send(HttpRequest.newBuilder(URI.create(service + "/api/v1/crawls"))
                    .header("Content-Type", "application/yaml")
                    .POST(BodyPublishers.ofFile(job))
                    .build(), BodyHandlers.ofString());
            if (answer.statusCode() / 100 != 2) {
                throw new IOException("the service refuses the job: " + answer.body());
            }
        }
        for (int i = 0; !hasLine(); i++) {
            if (i == ATTEMPTS) {
                throw new IOException("the crawl has written no line");
            }
            Thread.sleep(50);
        }
    }

    private static boolean isReady(HttpClient client, HttpRequest ready) throws InterruptedException {
        try {
            return client.send(ready, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false; // it does not listen yet
        }
    }

    private static boolean hasLine() {
        Path crawls = folder.resolve("data/crawls");
        try (Stream<Path> folders = Files.isDirectory(crawls) ? Files.list(crawls) : Stream.of(folder)) {
            return folders.map(crawl -> crawl.resolve("pages.jsonl").toFile()).anyMatch(pages -> pages.length() > 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void write() {
        isRecording = false;
        try {
            Files.write(folder.resolve("walk"), hasLine() ? List.copyOf(ENTERED) : List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
