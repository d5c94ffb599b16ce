package dev.casemate.agent.testkit;

import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/// An evaluation as JUnit's XML, for a build server: one `testcase` for each case, and one for the
/// thresholds, which are what decides.
///
/// A case whose own pass rate is below its threshold is a failure. One that failed in some runs and
/// still keeps to the threshold carries `flakyFailure` elements, as Surefire writes for a test that
/// passed in the end.
///
/// Source: the intersection of Surefire's report (surefire-test-report.xsd) and the form that
/// Jenkins's xUnit plug-in checks (junit-10.xsd).
final class JUnitXmlReport {

    private static final int MESSAGE_CHARS = 300;
    private static final int TEXT_CHARS = 20_000;

    private final EvaluationReport report;
    private final XMLStreamWriter xml;

    private JUnitXmlReport(EvaluationReport report, XMLStreamWriter xml) {
        this.report = report;
        this.xml = xml;
    }

    static String of(EvaluationReport report) {
        var out = new StringWriter();
        try {
            var xml = XMLOutputFactory.newFactory().createXMLStreamWriter(out);
            new JUnitXmlReport(report, xml).write();
            xml.close();
        } catch (XMLStreamException e) {
            throw new IllegalStateException("a string can be written to", e);
        }
        return out.toString();
    }

    private void write() throws XMLStreamException {
        xml.writeStartDocument("UTF-8", "1.0");
        xml.writeStartElement("testsuites");
        xml.writeStartElement("testsuite");
        attribute("name", report.suite().name());
        attribute("tests", String.valueOf(report.results().size() + 1));
        long failed = report.results().stream().filter(this::failed).count();
        attribute("failures", String.valueOf(failed + (report.passed() ? 0 : 1)));
        attribute("errors", "0");
        attribute("skipped", String.valueOf(report.skipped().size()));
        var took =
                report.results().stream()
                        .map(CaseResult::took)
                        .reduce(Duration.ZERO, Duration::plus);
        attribute("time", seconds(took));
        properties();
        for (var result : report.results()) {
            testcase(result);
        }
        thresholds();
        xml.writeEndElement();
        xml.writeEndElement();
        xml.writeEndDocument();
    }

    private boolean failed(CaseResult result) {
        return !result.skipped() && !report.thresholdOf(result).fits(result.rate());
    }

    private void properties() throws XMLStreamException {
        xml.writeStartElement("properties");
        property("agent", report.manifest().name() + " " + report.manifest().version());
        property("manifest", report.manifest().digest().value());
        property("model", report.model());
        property("tools", report.tools());
        property("seed", String.valueOf(report.suite().seed()));
        property("all", report.all().toString());
        property("all.threshold", report.suite().all().words());
        property("attacks", report.attacks().toString());
        property("attacks.threshold", report.suite().attacks().words());
        xml.writeEndElement();
    }

    private void property(String name, String value) throws XMLStreamException {
        xml.writeEmptyElement("property");
        attribute("name", name);
        attribute("value", value);
    }

    private void testcase(CaseResult result) throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("name", result.of().name());
        attribute("classname", "evaluation." + report.suite().name());
        attribute("time", seconds(result.took()));
        if (result.skipped()) {
            xml.writeEmptyElement("skipped");
            attribute("message", "no script, and no model was given");
        } else {
            var failed = result.runs().stream().filter(run -> !run.passed()).toList();
            for (int i = 0; i < failed.size(); i++) {
                boolean flaky = !failed(result);
                failure(
                        flaky ? "flakyFailure" : i == 0 ? "failure" : "rerunFailure",
                        failed.get(i));
            }
        }
        xml.writeStartElement("system-out");
        xml.writeCharacters(Shown.block(facts(result), TEXT_CHARS));
        xml.writeEndElement();
        xml.writeEndElement();
    }

    private void failure(String element, RunResult run) throws XMLStreamException {
        xml.writeStartElement(element);
        attribute("message", String.join("; ", run.failures()));
        attribute("type", "expectation");
        var text =
                String.join("\n", run.failures())
                        + run.report().map(it -> "\n\n" + Transcript.of(it)).orElse("");
        if (element.equals("failure")) {
            xml.writeCharacters(Shown.block(text, TEXT_CHARS));
        } else {
            xml.writeStartElement("stackTrace");
            xml.writeCharacters(Shown.block(text, TEXT_CHARS));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private static String facts(CaseResult result) {
        var notes =
                result.runs().stream()
                        .map(RunResult::notes)
                        .flatMap(List::stream)
                        .map(note -> "\n" + note)
                        .collect(Collectors.joining());
        return "place: %s\ntags: %s\nruns: %s%s"
                .formatted(
                        result.of().place(),
                        String.join(" ", result.of().tags().stream().sorted().toList()),
                        result.skipped() ? "none" : result.rate(),
                        notes);
    }

    private void thresholds() throws XMLStreamException {
        xml.writeStartElement("testcase");
        attribute("name", "thresholds");
        attribute("classname", "evaluation." + report.suite().name());
        attribute("time", "0.000");
        if (!report.passed()) {
            xml.writeStartElement("failure");
            attribute("message", "a threshold is not met");
            attribute("type", "threshold");
            xml.writeCharacters(
                    "all: %s, expected %s\nattacks: %s, expected %s"
                            .formatted(
                                    report.all(),
                                    report.suite().all().words(),
                                    report.attacks(),
                                    report.suite().attacks().words()));
            xml.writeEndElement();
        }
        xml.writeEndElement();
    }

    private void attribute(String name, String value) throws XMLStreamException {
        xml.writeAttribute(name, Shown.line(value, MESSAGE_CHARS));
    }

    private static String seconds(Duration time) {
        return String.format(Locale.ROOT, "%d.%03d", time.toSeconds(), time.toMillisPart());
    }
}
