package dev.casemate.cli;

import dev.casemate.proxy.audit.LedgerReader;
import dev.casemate.proxy.audit.LedgerVerifier;
import dev.casemate.proxy.audit.VerifierKey;
import dev.casemate.proxy.console.Timeline;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(name = "audit", description = "Asks the ledger.", mixinStandardHelpOptions = true)
final class AuditCommand {

    @Command(name = "timeline", description = "Everything on record about one run, in order.")
    int timeline(
            @Parameters(index = "0", description = "The run's id.") String run,
            @Option(names = "--ledger", required = true, description = "The ledger's directory.")
                    Path ledger,
            @Option(names = "--html", description = "Writes a page instead.") @Nullable Path html)
            throws IOException {
        var records = LedgerReader.run(ledger, run);
        var timeline = Timeline.of(run, records);
        if (html == null) {
            System.out.println(timeline.text());
        } else {
            Files.writeString(html, timeline.html());
        }
        return records.isEmpty() ? Main.FINDING : 0;
    }

    @Command(name = "verify", description = "Holds the whole ledger against its signed checkpoint.")
    int verify(
            @Option(names = "--ledger", required = true, description = "The ledger's directory.")
                    Path ledger,
            @Option(names = "--key", required = true, description = "The vkey file.") Path key)
            throws IOException {
        var found = LedgerVerifier.verify(ledger, VerifierKey.read(Files.readString(key)));
        System.out.println(found.records() + " records, " + found.signed() + " of them signed");
        found.defect()
                .ifPresent(defect -> System.out.println(defect.code() + ": " + defect.what()));
        return found.sound() ? 0 : Main.FINDING;
    }
}
