package dev.casemate.bench;

import dev.casemate.proxy.gateway.Gateway;
import dev.casemate.proxy.gateway.GatewayConfig;
import java.io.IOException;
import java.nio.file.Path;

/// The gateway alone in its process, so that its processor time can be told from everything else's.
final class GatewayUnderLoad {

    private GatewayUnderLoad() {}

    public static void main(String[] arguments) throws IOException {
        try (var gateway = Gateway.start(GatewayConfig.read(Path.of(arguments[0])))) {
            System.out.println("ready " + gateway.port());
            // Until whoever started it closes its standard input.
            int read = System.in.read();
            if (read >= 0) {
                System.out.println("expected nothing on standard input");
            }
        }
    }
}
