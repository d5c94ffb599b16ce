package dev.casemate.container.launch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.casemate.container.launch.LaunchException.Code;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

final class LaunchRequestTest {

    @Test
    void aDestinationWithoutBindingIsRefused() {
        refused(() -> Examples.request(List.of(Examples.binding("prices", "127.0.0.1", 1))));
    }

    @Test
    void aBindingThatTheManifestDoesNotNameIsRefused() {
        refused(() ->
                Examples.request(
                        List.of(
                                Examples.binding("prices", "127.0.0.1", 1),
                                Examples.binding("warehouse", "127.0.0.1", 2),
                                Examples.binding("elsewhere", "127.0.0.1", 3))));
    }

    @Test
    void twoBindingsUnderOneHostNameAreRefused() {
        var same =
                new Binding(
                        "warehouse",
                        "prices.casemate.test",
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 2),
                        Optional.empty(),
                        Optional.empty());
        refused(() -> Examples.request(List.of(Examples.binding("prices", "127.0.0.1", 1), same)));
    }

    @Test
    void aTargetMustBeAnAddressThatIsKnownAndOfTheInternetProtocolVersion4() {
        refused(() -> Examples.binding("prices", "::1", 1));
        refused(() ->
                new Binding(
                        "prices",
                        "prices.casemate.test",
                        InetSocketAddress.createUnresolved("prices.casemate.test", 1),
                        Optional.empty(),
                        Optional.empty()));
    }

    @Test
    void aHostNameThatCouldBeMoreThanANameInAHostsFileIsRefused() {
        for (var name : List.of("a b", "a\n10.0.0.1 b", "A.test", "", "10.0.0.1", "-a", "a..b")) {
            refused(() ->
                    new Binding(
                            "prices",
                            name,
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), 1),
                            Optional.empty(),
                            Optional.empty()));
        }
    }

    private static void refused(ThrowingCallable making) {
        assertThatThrownBy(making)
                .isInstanceOfSatisfying(
                        LaunchException.class,
                        e -> assertThat(e.code()).isEqualTo(Code.INVALID_REQUEST));
    }
}
