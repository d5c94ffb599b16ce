package dev.casemate.container.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class SpcsSyntaxTest {

    static List<Subject> subjects() {
        return Subjects.all();
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void theSpecificationHasTheDocumentedForm(Subject subject) {
        SpcsSyntax.requireSpecification(
                rendering(subject).file("service.yaml").orElseThrow().text());
    }

    @ParameterizedTest
    @MethodSource("subjects")
    void everyStatementHasADocumentedForm(Subject subject) {
        var statements = SpcsSyntax.statements(rendering(subject).files().getFirst().text());
        assertThat(statements).hasSizeGreaterThan(10);
        assertThat(statements.getLast())
                .startsWith(subject.kind() == Kind.TASK ? "EXECUTE JOB SERVICE" : "CREATE SERVICE");
    }

    @Test
    void whatTheDocumentationDoesNotHaveIsRefused() {
        var text = rendering(Subjects.worker()).file("service.yaml").orElseThrow().text();
        for (var wrong :
                List.of(
                        text.replace("resources:", "ressources:"),
                        text.replace("directoryPath:", "path:"),
                        text.replace("name: \"tmp\"", "name: \"Tmp\""),
                        text.replace("Mi\"", "MB\""),
                        text + "  readOnly: true\n")) {
            assertThat(wrong).isNotEqualTo(text);
            assertThatThrownBy(() -> SpcsSyntax.requireSpecification(wrong))
                    .isInstanceOfAny(AssertionError.class, RuntimeException.class);
        }
        assertThatThrownBy(() -> SpcsSyntax.statements("DROP DATABASE CASEMATE;"))
                .isInstanceOf(AssertionError.class);
        assertThatThrownBy(() ->
                        SpcsSyntax.statements("USE ROLE A; GRANT ALL ON SCHEMA A.B TO ROLE C;"))
                .isInstanceOf(AssertionError.class);
    }

    @Test
    void theRoleOfTheServiceGetsNoRightToWrite() {
        for (var subject : Subjects.all()) {
            assertThat(SpcsSyntax.statements(rendering(subject).files().getFirst().text()))
                    .noneMatch(statement ->
                            statement.startsWith("GRANT WRITE")
                                    || statement.startsWith("GRANT ALL")
                                    || statement.startsWith("GRANT OWNERSHIP"));
        }
    }

    private static Rendering rendering(Subject subject) {
        return Rendering.of(Subjects.places().get(2), subject);
    }
}
