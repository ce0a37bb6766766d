package fanout.app.service;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import fanout.app.config.ServiceSettings;
import fanout.app.config.ServiceSettingsReader;
import fanout.app.store.DataFolder;
import java.io.IOException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a service that is opened has taken, it gives back: when it is closed, and if it cannot be opened whole. */
class OpeningTest {

    @TempDir
    private Path data;

    private Service open(int port) throws Exception {
        ServiceSettings settings = ServiceSettingsReader.read("test.yaml", "{}".getBytes(UTF_8), Map.of());
        return Service.open(settings,
                Service.Listening.at(new InetSocketAddress(InetAddress.getLoopbackAddress(), port)), data,
                Optional.empty());
    }

    private static void assertRefused(InetSocketAddress address) {
        assertThatThrownBy(() -> new Socket(address.getAddress(), address.getPort()).close())
                .isInstanceOf(ConnectException.class);
    }

    @Test
    void aServiceThatNeverRanReleasesItsAddressAndItsFolder() throws Exception {
        for (int i = 0; i < 2; i++) {
            InetSocketAddress address;
            try (Service service = open(0)) {
                address = service.address();
                new Socket(address.getAddress(), address.getPort()).close();
            }
            assertRefused(address);
        }
    }

    @Test
    void aServiceWithoutAnAddressKeepsNoFolder() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> open(other.getLocalPort())).isInstanceOf(BindException.class);
        }
        try (Service service = open(0)) {
            assertThat(service.address().getPort()).isPositive();
        }
    }

    @Test
    void aFolderInUseIsNamed() throws Exception {
        try (Service first = open(0)) {
            assertThatThrownBy(() -> open(0)).isInstanceOf(DataFolder.InUseException.class)
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining(data.toString());
            assertThat(first.address().getPort()).isPositive();
        }
    }
}
