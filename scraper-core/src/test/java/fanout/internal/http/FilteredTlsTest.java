package fanout.internal.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.constantpool.MemberRefEntry;
import java.lang.reflect.Method;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import okhttp3.OkHttpClient;
import okio.Buffer;
import org.junit.jupiter.api.Test;

class FilteredTlsTest {

    private static final Set<String> SOCKETS = Set.of("java/net/Socket", "javax/net/ssl/SSLSocket");
    /** Of sockets that are not connected: TLS is made over those that are. */
    private static final Set<String> BEFORE_TLS = Set.of("<init>", "connect");

    /** Returns which methods of sockets the classes of a library call. */
    private static Set<String> calls(Class<?> library) {
        String jar = library.getProtectionDomain().getCodeSource().getLocation().getPath();
        Set<String> names = new TreeSet<>();
        try (JarFile file = new JarFile(jar)) {
            file.stream().filter(entry -> entry.getName().endsWith(".class")).forEach(entry -> {
                try {
                    ClassFile.of().parse(file.getInputStream(entry).readAllBytes()).constantPool().forEach(constant -> {
                        if (constant instanceof MemberRefEntry member
                                && SOCKETS.contains(member.owner().asInternalName())) {
                            names.add(member.name().stringValue());
                        }
                    });
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return names;
    }

    /** What is not passed on would be asked of a socket that is not connected. */
    @Test
    void whatTheClientCallsOfATlsSocketIsPassedOn() {
        Set<String> called = Stream.of(OkHttpClient.class, Buffer.class)
                .flatMap(library -> calls(library).stream())
                .filter(name -> !BEFORE_TLS.contains(name))
                .collect(Collectors.toSet());
        Set<String> passedOn = Stream.of(FilteredTls.Filtered.class.getDeclaredMethods())
                .map(Method::getName)
                .collect(Collectors.toSet());

        assertThat(called).contains("getInputStream", "startHandshake", "setSoTimeout");
        assertThat(passedOn).containsAll(called);
    }
}
